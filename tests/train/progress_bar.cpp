#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <tessera/train/progress_bar.hpp>

namespace {

using namespace tessera;

batch_report batch(long number, double loss) {
    batch_report r;
    r.epoch = 2;
    r.epochs = 20;
    r.batch = number;
    r.batches = 469;
    r.loss = loss;
    r.accuracy = 0.8921;
    r.rate = 0.02;
    r.seconds = 0.05 * static_cast<double>(number);
    return r;
}

epoch_report epoch() {
    epoch_report r;
    r.epoch = 2;
    r.epochs = 20;
    r.loss = 0.2984;
    r.rate = 0.02;
    r.seconds = 725;
    return r;
}

TEST(progress_bar, moves_on_a_terminal) {
    std::ostringstream out;
    progress_bar bar(out, true);
    bar(batch(120, 0.3127));
    EXPECT_EQ(out.str(),
              "\repoch  3/20 [=====>              ] 120/469  loss 0.3127  accuracy 89.21%  rate 0.02  17.4 s left");
    out.str("");
    bar(batch(121, 0.3));  // still 25 per cent
    EXPECT_EQ(out.str(), "");
    bar(batch(469, 0.25));
    EXPECT_EQ(out.str(),
              "\repoch  3/20 [====================] 469/469  loss 0.2500  accuracy 89.21%  rate 0.02  0.0 s left ");
    out.str("");
    bar(epoch());
    EXPECT_EQ(out.str(), "\repoch  3/20  loss 0.2984  rate 0.02  12 min 5 s" + std::string(48, ' ') + "\n");
}

TEST(progress_bar, elsewhere_an_epoch_is_a_line) {
    std::ostringstream out;
    progress_bar bar(out, false);
    bar(batch(120, 0.3127));
    EXPECT_EQ(out.str(), "");
    epoch_report r = epoch();
    r.accuracy = 0.894;
    r.validation_loss = 0.331;
    r.validation_accuracy = 0.8812;
    r.best = true;
    r.seconds = 3 * 3600 + 125;
    bar(r);
    EXPECT_EQ(out.str(),
              "epoch  3/20  loss 0.2984  accuracy 89.40%  validation 0.3310, 88.12%  rate 0.02  3 h 2 min  *\n");
}

TEST(progress_bar, says_how_many_steps_were_left_out) {
    std::ostringstream out;
    progress_bar bar(out, false);
    epoch_report r = epoch();
    r.left_out = 1;
    bar(r);
    r.left_out = 2;
    bar(r);
    EXPECT_EQ(out.str(),
              "epoch  3/20  loss 0.2984  rate 0.02  12 min 5 s  1 step left out\n"
              "epoch  3/20  loss 0.2984  rate 0.02  12 min 5 s  2 steps left out\n");
}

TEST(progress_bar, starts_again_with_the_next_epoch) {
    std::ostringstream out;
    progress_bar bar(out, true);
    bar(batch(120, 0.3));
    bar(epoch());
    out.str("");
    bar(batch(120, 0.3));
    EXPECT_NE(out.str(), "");
}

}  // namespace
