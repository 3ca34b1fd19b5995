// epoch_report, batch_report: what a training loop tells its callbacks.
#pragma once
#include <limits>

namespace tessera {

// Behind a batch. Losses and accuracies are means over the samples of the epoch so far, as they were trained on; an
// accuracy is NaN where there is none to speak of.
struct batch_report {
    int epoch = 0, epochs = 0;  // the first is 0; those of the whole run
    long batch = 0, batches = 0;
    double loss = 0;
    double accuracy = std::numeric_limits<double>::quiet_NaN();
    double rate = 0;     // of this step
    double seconds = 0;  // since the epoch began
};

// Behind an epoch. What was not measured is NaN.
struct epoch_report {
    int epoch = 0, epochs = 0;
    double loss = 0;
    double accuracy = std::numeric_limits<double>::quiet_NaN();
    double validation_loss = std::numeric_limits<double>::quiet_NaN();
    double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
    double rate = 0;     // of the last step
    double seconds = 0;  // with the validation
    bool best = false;   // of the run so far
};

}  // namespace tessera
