// read_image_folder: pictures sorted into folders, root/class/.../file, as a dataset.
//
// The index of a class is the position of its folder's name in byte-wise order; the samples of a class are in the
// byte-wise order of their paths. Files with the endings png, jpg, jpeg, bmp, ppm and pgm, in upper or lower case, are
// read; others, and files beside the class folders, are passed over. So is what is hidden, whatever its ending: a name
// that begins with a dot, and __MACOSX, with all that is in such a folder.
//
//   channels          1 grey, 3 RGB
//   height, width     the size that every picture must have; 0: that of the first one
//   resize            bring other sizes to it (bilinear) instead of refusing them
//   skip_unreadable   pass over pictures that cannot be read instead of refusing them
//   messages          where a line tells how many hidden names, and which unreadable pictures, were passed over;
//                     std::clog, or nullptr for nowhere
//
// Errors  no root, no class, a class without a picture, another size without `resize`, a bad picture, what the system
//         does not let us look at: tessera::error that names the path.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tessera/data/dataset.hpp>
#include <tessera/data/image.hpp>
#include <tessera/data/image_file.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/io_error.hpp>
#include <utility>
#include <vector>

namespace tessera {

struct image_folder_options {
    std::size_t channels = 3;
    std::size_t height = 0;
    std::size_t width = 0;
    bool resize = false;
    bool skip_unreadable = false;
    std::ostream* messages = &std::clog;
};

namespace detail {

namespace image_format {

inline bool is_picture(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (const std::string_view known : {".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm"})
        if (ending == known) return true;
    return false;
}

// std::string compares bytes as unsigned, whatever the locale.
inline std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

inline std::filesystem::file_status status_of(const std::filesystem::path& path, const std::string& wanted) {
    std::error_code reason;
    const std::filesystem::file_status status = std::filesystem::status(path, reason);
    if (!std::filesystem::status_known(status)) throw io_error(path, wanted, reason.value());
    return status;
}

inline bool is_hidden(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.starts_with('.') || name == "__MACOSX";
}

// What was passed over below a root, for one line of message.
class passed_over {
  public:
    passed_over(std::filesystem::path root, std::string one, std::string several)
        : root_(std::move(root)), one_(std::move(one)), several_(std::move(several)) {}

    void add(const std::string& path) {
        constexpr std::size_t most = 5;
        if (++count_ <= most) names_ += (count_ > 1 ? ", " : "") + path;
        if (count_ == most + 1) names_ += ", ...";
    }
    void add_below_root(const std::filesystem::path& path) { add(path.lexically_relative(root_).string()); }
    void tell(std::ostream* messages) const {
        if (messages != nullptr && count_ > 0)
            *messages << root_.string() << ": passed over " << count_ << ' ' << (count_ == 1 ? one_ : several_) << " ("
                      << names_ << ")\n";
    }

  private:
    std::filesystem::path root_;
    std::string one_, several_, names_;
    std::size_t count_ = 0;
};

// The paths in a folder that are not hidden: with recursive_directory_iterator also those in the folders in it.
template <class Iterator>
std::vector<std::filesystem::path> entries(const std::filesystem::path& folder, passed_over& hidden) {
    std::vector<std::filesystem::path> paths;
    std::error_code reason;
    for (Iterator entry(folder, reason); !reason && entry != Iterator{}; entry.increment(reason)) {
        if (!is_hidden(entry->path())) {
            paths.push_back(entry->path());
            continue;
        }
        hidden.add_below_root(entry->path());
        if constexpr (requires { entry.disable_recursion_pending(); }) entry.disable_recursion_pending();
    }
    if (reason) throw io_error(folder, "a folder that can be read", reason.value());
    return paths;
}

inline std::vector<std::string> class_folders(const std::filesystem::path& root, passed_over& hidden) {
    if (!is_directory(status_of(root, "a folder of classes")))
        throw error(root.string(), "a folder of classes", "none");
    std::vector<std::string> names;
    for (const auto& path : entries<std::filesystem::directory_iterator>(root, hidden))
        if (is_directory(status_of(path, "a class folder or a file"))) names.push_back(path.filename().string());
    if (names.empty()) throw error(root.string(), "at least one class folder", "none");
    return sorted(std::move(names));
}

inline std::vector<std::string> pictures(const std::filesystem::path& folder, passed_over& hidden) {
    std::vector<std::string> paths;
    for (const auto& path : entries<std::filesystem::recursive_directory_iterator>(folder, hidden))
        if (is_picture(path) && is_regular_file(status_of(path, "a picture"))) paths.push_back(path.string());
    if (paths.empty()) throw error(folder.string(), "at least one picture", "none");
    return sorted(std::move(paths));
}

// The picture, or none where it cannot be read and may be passed over.
inline std::optional<image> picture_at(const std::string& path, const image_folder_options& options,
                                       passed_over& unreadable) {
    try {
        return read_image(path, options.channels);
    } catch (const error& reason) {
        if (!options.skip_unreadable) throw;
        unreadable.add(reason.what());
        return std::nullopt;
    }
}

inline void append_picture(dataset& data, image picture, const std::string& path, bool resize) {
    image_extents& wanted = data.extents;
    if (wanted.height == 0) wanted.height = picture.extents.height;
    if (wanted.width == 0) wanted.width = picture.extents.width;
    if (picture.extents != wanted) {
        if (!resize) throw error(path, "a picture of " + to_string(wanted), to_string(picture.extents));
        picture = resized(picture, wanted.height, wanted.width);
    }
    data.images.insert(data.images.end(), picture.values.begin(), picture.values.end());
}

}  // namespace image_format

}  // namespace detail

inline dataset read_image_folder(const std::filesystem::path& root, const image_folder_options& options = {}) {
    detail::image_format::passed_over hidden(root, "hidden file or folder", "hidden files and folders");
    detail::image_format::passed_over unreadable(root, "picture that cannot be read", "pictures that cannot be read");
    dataset data{
        {}, {}, {options.height, options.width, options.channels}, detail::image_format::class_folders(root, hidden)};
    for (std::size_t label = 0; label < data.classes(); ++label) {
        const std::filesystem::path folder = root / data.class_names[label];
        const std::size_t before = data.labels.size();
        for (const std::string& path : detail::image_format::pictures(folder, hidden)) {
            auto picture = detail::image_format::picture_at(path, options, unreadable);
            if (!picture) continue;
            detail::image_format::append_picture(data, std::move(*picture), path, options.resize);
            data.labels.push_back(static_cast<std::int32_t>(label));
        }
        if (data.labels.size() == before) throw error(folder.string(), "at least one picture that can be read", "none");
    }
    hidden.tell(options.messages);
    unreadable.tell(options.messages);
    return data;
}

}  // namespace tessera
