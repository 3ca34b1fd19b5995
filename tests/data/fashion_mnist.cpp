#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <tessera/data/fashion_mnist.hpp>
#include <tessera/data/normalise_channels.hpp>

#include "files.hpp"

namespace {

// Sets an environment variable for the life of the object.
class environment {
  public:
    explicit environment(const std::string& value) {
        if (const char* old = std::getenv("TESSERA_DATA")) old_ = old;
        ::setenv("TESSERA_DATA", value.c_str(), 1);
    }
    ~environment() {
        if (old_.empty())
            ::unsetenv("TESSERA_DATA");
        else
            ::setenv("TESSERA_DATA", old_.c_str(), 1);
    }

  private:
    std::string old_;
};

TEST(fashion_mnist, reads_the_real_data) {
    const auto folder = tessera::fashion_mnist::folder();
    if (folder.empty()) GTEST_SKIP() << "Fashion-MNIST is not installed (apt-get install dataset-fashion-mnist)";
    const tessera::fashion_mnist data = tessera::load_fashion_mnist(folder);
    EXPECT_EQ(data.train.size(), 60000U);
    EXPECT_EQ(data.test.size(), 10000U);
    EXPECT_EQ(data.train.extents, (tessera::image_extents{28, 28, 1}));
    for (int label = 0; label < 10; ++label) {
        EXPECT_EQ(std::ranges::count(data.train.labels, label), 6000);
        EXPECT_EQ(std::ranges::count(data.test.labels, label), 1000);
    }
    // The first training image is an ankle boot. Mean and deviation of the set are widely published.
    EXPECT_EQ(data.train.class_names[static_cast<std::size_t>(data.train.labels[0])], "Ankle boot");
    const tessera::normalise_channels scale = tessera::normalise_channels::of(data.train);
    EXPECT_NEAR(scale.mean[0], 0.2860, 0.0001);
    EXPECT_NEAR(scale.deviation[0], 0.3530, 0.0001);
}

TEST(fashion_mnist, missing_data_say_how_to_get_them) {
    const tests::folder folder;
    const std::string message = tests::message_of([&] { tessera::load_fashion_mnist(folder.path()); });
    EXPECT_EQ(message.find(folder.path().string() + ": expected train-images-idx3-ubyte"), 0U) << message;
    EXPECT_NE(message.find("apt-get install dataset-fashion-mnist"), std::string::npos) << message;
    EXPECT_NE(message.find("TESSERA_DATA"), std::string::npos) << message;
}

TEST(fashion_mnist, a_folder_that_cannot_be_looked_at_is_named) {
    const std::filesystem::path longer = "/" + std::string(300, 'a');
    EXPECT_EQ(
        tests::message_of([&] { tessera::load_fashion_mnist(longer); }),
        longer.string() + ": expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found File name too long");
}

TEST(fashion_mnist, a_default_folder_that_cannot_be_looked_at_is_passed_over) {
    const std::string longer = "/" + std::string(300, 'a');
    const environment variable(longer);
    EXPECT_TRUE(tessera::fashion_mnist::folder() != longer);
}

TEST(fashion_mnist, looks_in_the_folder_of_the_environment_first) {
    const tests::folder folder;
    folder.write("train-images-idx3-ubyte", {});
    const environment variable(folder.path().string());
    EXPECT_EQ(tessera::fashion_mnist::folder(), folder.path());
    folder.write("fashion-mnist/train-images-idx3-ubyte.gz", {});
    EXPECT_EQ(tessera::fashion_mnist::folder(), folder.path() / "fashion-mnist");
}

TEST(fashion_mnist, refuses_another_number_of_images) {
    const tests::folder folder;
    const auto images = folder.write("train-images-idx3-ubyte",
                                     tests::bytes_of({0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 9, 9}));
    folder.write("train-labels-idx1-ubyte", tests::bytes_of({0, 0, 8, 1, 0, 0, 0, 1, 0}));
    EXPECT_EQ(tests::message_of([&] { tessera::load_fashion_mnist(folder.path()); }),
              images.string() + ": expected 60000 images of 28 x 28 x 1, found 1 of 1 x 2 x 1");
}

}  // namespace
