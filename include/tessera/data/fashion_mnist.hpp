// load_fashion_mnist: Fashion-MNIST, 60,000 training and 10,000 test images of 28 x 28 x 1 in ten classes.
//
// The folder holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
// t10k-labels-idx1-ubyte, each plain or with .gz. By default the first of these folders that holds them:
// $TESSERA_DATA/fashion-mnist, $TESSERA_DATA, and the folder of Debian's package dataset-fashion-mnist.
//
// Cost    220 MB for both parts.
// Errors  no data: tessera::error that says how to get it; a folder that the system does not let us look at, which is
//         passed over where it is a default one; other sizes than the above.
// Source  Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking".
#pragma once
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <tessera/data/dataset.hpp>
#include <tessera/data/idx_dataset.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/io_error.hpp>
#include <vector>

namespace tessera {

struct fashion_mnist {
    dataset train;
    dataset test;

    static std::vector<std::string> class_names() {
        return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
    }

    // The default folder; empty when there is none.
    static std::filesystem::path folder() {
        std::vector<std::filesystem::path> candidates;
        if (const char* root = std::getenv("TESSERA_DATA"); root && *root != '\0')
            candidates = {std::filesystem::path(root) / "fashion-mnist", root};
        candidates.emplace_back("/usr/share/datasets/fashion-mnist");
        std::error_code ignored;
        for (const auto& candidate : candidates)
            if (std::filesystem::exists(file(candidate, "train-images-idx3-ubyte"), ignored)) return candidate;
        return {};
    }

    // The plain file, or the compressed one when there is no plain one.
    static std::filesystem::path file(const std::filesystem::path& folder, const std::string& stem) {
        std::error_code ignored;
        return std::filesystem::exists(folder / stem, ignored) ? folder / stem : folder / (stem + ".gz");
    }
};

namespace detail {

namespace idx_format {

inline dataset load_fashion_part(const std::filesystem::path& folder, const std::string& part, std::size_t count) {
    const std::filesystem::path images = fashion_mnist::file(folder, part + "-images-idx3-ubyte");
    const std::filesystem::path labels = fashion_mnist::file(folder, part + "-labels-idx1-ubyte");
    dataset data = read_idx_dataset(images, labels, fashion_mnist::class_names());
    if (data.size() != count || data.extents != image_extents{28, 28, 1})
        throw error(images.string(), std::to_string(count) + " images of 28 x 28 x 1",
                    std::to_string(data.size()) + " of " + to_string(data.extents));
    return data;
}

}  // namespace idx_format

}  // namespace detail

inline fashion_mnist load_fashion_mnist(const std::filesystem::path& folder = fashion_mnist::folder()) {
    const std::string wanted = "train-images-idx3-ubyte or train-images-idx3-ubyte.gz";
    std::error_code reason;
    const bool here =
        !folder.empty() && std::filesystem::exists(fashion_mnist::file(folder, "train-images-idx3-ubyte"), reason);
    if (reason) throw detail::io_error(folder, wanted, reason.value());
    if (!here)
        throw error(folder.empty() ? "Fashion-MNIST" : folder.string(), wanted,
                    "none; run `apt-get install dataset-fashion-mnist`, or set TESSERA_DATA to the folder that holds "
                    "the data");
    return {detail::idx_format::load_fashion_part(folder, "train", 60000),
            detail::idx_format::load_fashion_part(folder, "t10k", 10000)};
}

}  // namespace tessera
