// Trains capsules on Fashion-MNIST, and has them draw what they have seen: the network of Sabour, Frosst and Hinton with
// a tenth of its channels, so that it is trained in minutes.
//
// The network takes a picture and a label. In training the label says which capsule draws; afterwards it is -1, and the
// longest capsule does, whose length is also the answer. Two epochs took 74 s of processor time and gave 87.6 %.
#include "fashion.hpp"

#include <tessera/layers/capsule.hpp>
#include <vector>

using namespace tessera;

// 8 types of capsules of 8 dimensions on 6 x 6 places vote for 10 of 16
inline constexpr auto capsules = [](value image, value label) {
    const value features = relu(conv<16, 9, stride<2>>(image));                   // (10, 10, 16)
    const value lower = primary_capsules<8, 8, 5>(features);                      // (288, 8)
    const value v = capsule_dense<10, 16, 3>(lower);                              // (10, 16)
    return values{capsule_lengths(v), capsule_decoder<128, 256, 784>(v, label)};  // (10), (784)
};
struct drawing : network<capsules, in<"image", shape<28, 28, 1>>, in<"label", shape<>, int32>> {};
static_assert(drawing::table.output_count == 2);

inline constexpr int largest_batch = 64;
using classifier = model<drawing, backend::simd, batch<largest_batch>>;
using learner = trainer<classifier, margin_and_picture<>, adam>;

static std::size_t right_answers(classifier& net, const dataset& test) {
    const std::size_t pixels = test.extents.size();
    const std::vector<std::int32_t> unknown(largest_batch, -1);
    std::size_t right = 0;
    for (std::size_t first = 0; first < test.size(); first += largest_batch) {
        const std::size_t count = std::min<std::size_t>(largest_batch, test.size() - first);
        net(std::span(test.images).subspan(first * pixels, count * pixels), std::span(unknown).first(count));
        const auto lengths = net.output(0);
        for (std::size_t i = 0; i < count; ++i) {
            const auto own = lengths.begin() + static_cast<std::ptrdiff_t>(10 * i);
            right += std::max_element(own, own + 10) - own == test.labels[first + i];
        }
    }
    return right;
}

// pictures of the test set above, what their longest capsules draw below
static void draw(classifier& net, const dataset& test, const std::string& file) {
    constexpr std::size_t shown = 10;
    const std::vector<std::int32_t> unknown(shown, -1);
    const auto pictures = std::span(test.images).first(shown * test.extents.size());
    net(pictures, unknown);
    const std::vector<float> drawn(net.output(1).begin(), net.output(1).end());
    image_grid grid{.title = "Above what was seen, below what the longest capsule draws",
                    .height = 28,
                    .width = 28,
                    .channels = 1,
                    .columns = shown};
    for (std::size_t i = 0; i < shown; ++i)
        grid.tiles.push_back({test.image(i), {test.class_names[static_cast<std::size_t>(test.labels[i])]}});
    for (std::size_t i = 0; i < shown; ++i) grid.tiles.push_back({std::span(drawn).subspan(784 * i, 784), {""}});
    write_png(file, grid.draw());
    // one of them as text
    const char shades[] = " .:-=+*#%@";
    for (int row = 0; row < 28; row += 2) {
        for (const float* of : {test.image(0).data(), drawn.data()}) {
            for (int column = 0; column < 28; ++column)
                std::putchar(shades[std::clamp(static_cast<int>(of[28 * row + column] * 10), 0, 9)]);
            std::printf("    ");
        }
        std::printf("\n");
    }
}

static void run(const fashion::settings& o) {
    detail::simd::threads::set_count(o.threads);
    std::cout << summary<learner>() << std::endl;
    const auto data = o.data.empty() ? load_fashion_mnist() : load_fashion_mnist(o.data);

    classifier net(o.seed);
    learner train(net, adam{}, {.seed = o.seed});
    const data_loader loader(data.train, {.size = static_cast<std::size_t>(o.batch), .seed = o.seed});
    const cosine_decay schedule{o.rate, static_cast<long>(loader.size()) * o.epochs};
    std::filesystem::create_directories(o.out);
    const double start = fashion::processor_seconds();
    long step = 0;
    for (int epoch = 0; epoch < o.epochs; ++epoch) {
        double loss = 0;
        for (const sample_batch& b : loader.epoch(static_cast<std::uint32_t>(epoch)))
            loss += train.step(schedule.rate(step++), b.images, b.labels, b.labels, b.images);
        std::printf("epoch %d: loss %.4f\n", epoch + 1, loss / static_cast<double>(loader.size()));
    }
    const double train_seconds = fashion::processor_seconds() - start;
    const double accuracy =
        100.0 * static_cast<double>(right_answers(net, data.test)) / static_cast<double>(data.test.size());
    draw(net, data.test, o.out + "/drawn.png");
    save(net, o.out + "/capsules.safetensors");
    std::printf("pictures in %s/drawn.png\n", o.out.c_str());
    std::printf("test_accuracy: %.2f\n", accuracy);
    std::printf("train_processor_seconds: %.1f\n", train_seconds);
    std::printf("parameters: %ld\n", drawing::parameter_count);
}

int main(int count, char** arguments) {
    return fashion::run("fashion_capsnet", "Trains capsules on Fashion-MNIST, and draws what they have seen.",
                        {.epochs = 2, .batch = 50, .rate = 0.002, .largest_rate = 1, .capacity = largest_batch}, run,
                        count, arguments);
}
