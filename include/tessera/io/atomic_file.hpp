// atomic_file: a file that appears whole or not at all, even when the process or the machine stops half-way.
//
//   atomic_file file("model.safetensors");
//   file.write(header);
//   file.write(data);
//   file.commit();
//
// Bytes go to `<path>.tmp-<process>-<n>` beside the target. commit() forces them to the disk, renames the file over
// the target and forces the folder's entry to the disk. Without a commit, or when any step fails, the temporary is
// removed and the target is as it was. (Only a failure to force the folder's entry comes after the rename: the new
// file is then in place, but may not survive a power cut.) The new file has default permissions; a symbolic link at
// `path` is replaced, not followed.
//
// Errors  tessera::error naming the path and the system's reason.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <tessera/error.hpp>
#include <tessera/io/file_descriptor.hpp>
#include <tessera/io/io_error.hpp>
#include <utility>

namespace tessera {

class atomic_file {
  public:
    explicit atomic_file(std::filesystem::path path) : path_(std::move(path)) {
        // A folder at the target is refused now, not after everything was written.
        std::error_code ignored;
        if (std::filesystem::is_directory(path_, ignored))
            throw error(path_.string(), "a name that can be replaced", "a folder");
        open_temporary();
    }
    atomic_file(const atomic_file&) = delete;
    atomic_file& operator=(const atomic_file&) = delete;
    ~atomic_file() { discard(); }

    void write(std::span<const std::byte> bytes) {
        require_open();
        while (!bytes.empty()) {
            // Some systems refuse a single write of 2 GiB or more.
            const ssize_t count = ::write(file_.number(), bytes.data(), std::min(bytes.size(), std::size_t{1} << 30));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail("space for " + std::to_string(bytes.size()) + " more bytes");
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
    }

    void commit() {
        require_open();
        // Opened before the rename, so that a folder that cannot be opened leaves the target untouched.
        const std::filesystem::path parent = path_.has_parent_path() ? path_.parent_path() : ".";
        const file_descriptor folder(parent, O_RDONLY | O_DIRECTORY);
        if (!folder) fail("a folder that can be opened");
        if (::fsync(file_.number()) != 0) fail("bytes that reach the disk");
        if (!file_.close()) fail("a file that closes");
        if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("a name that can be replaced");
        temporary_.clear();
        // EINVAL: the file system keeps no folder entries that could be forced out.
        if (::fsync(folder.number()) != 0 && errno != EINVAL)
            throw io_error(path_, "a folder entry that reaches the disk");
    }

  private:
    // Process numbers repeat after a crash and between containers: a name that is taken is passed over, never reused.
    void open_temporary() {
        for (int n = 0; n < attempts; ++n) {
            temporary_ = path_.string() + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(n);
            file_ = file_descriptor(temporary_, O_WRONLY | O_CREAT | O_EXCL);
            if (file_) return;
            if (errno != EEXIST) break;
        }
        temporary_.clear();
        throw io_error(path_, "a folder that can be written");
    }

    void require_open() const {
        if (!file_) throw error(path_.string(), "an open file", "one that was committed or has failed");
    }

    [[noreturn]] void fail(const std::string& wanted) {
        const int reason = errno;
        discard();
        throw io_error(path_, wanted, reason);
    }

    void discard() noexcept {
        file_.close();
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
        temporary_.clear();
    }

    static constexpr int attempts = 1000;
    std::filesystem::path path_;
    std::string temporary_;
    file_descriptor file_;
};

}  // namespace tessera
