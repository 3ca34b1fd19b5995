// epoch_report, batch_report: what a training loop tells its callbacks.
#pragma once
#include <limits>

namespace tessera {

// After a batch. Losses and accuracies are means over the samples of the epoch so far, as they were trained on, without
// those of steps that were left out and those whose label the loss ignores; they are NaN where there is none to speak
// of, accuracies also where there are no labels, as in regression.
struct batch_report {
    int epoch = 0, epochs = 0;  // the first is 0; those of the whole run
    long batch = 0, batches = 0;
    double loss = 0;
    double accuracy = std::numeric_limits<double>::quiet_NaN();
    double rate = 0;     // of this step
    long left_out = 0;   // steps of the epoch so far whose loss or gradients were not finite
    double seconds = 0;  // since the epoch began
};

// After an epoch. What was not measured is NaN.
struct epoch_report {
    int epoch = 0, epochs = 0;
    double loss = 0;
    double accuracy = std::numeric_limits<double>::quiet_NaN();
    double validation_loss = std::numeric_limits<double>::quiet_NaN();
    double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
    double rate = 0;     // of the last step
    long left_out = 0;   // steps whose loss or gradients were not finite
    double seconds = 0;  // with the validation
    bool best = false;   // of the run so far
};

}  // namespace tessera
