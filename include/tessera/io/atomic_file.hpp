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
// file is then in place, but may not survive a power cut.) The new file has the mode of the one it replaces, or the
// default one; a symbolic link at `path` is replaced, not followed.
//
// A writer holds a lock on its temporary. Those of this target that nobody holds, left by a process that was killed,
// are removed when the next writer starts.
//
// Errors  tessera::error naming the path and the system's reason; a target that is there and no regular file, such as a
//         folder, a pipe or a device.
#pragma once
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tessera/error/error.hpp>
#include <tessera/io/file_descriptor.hpp>
#include <tessera/io/io_error.hpp>
#include <utility>

namespace tessera::detail {

class atomic_file {
  public:
    explicit atomic_file(std::filesystem::path path) : path_(std::move(path)) {
        // What cannot be replaced is refused now, not after everything was written.
        struct stat old{};
        const bool replaces = ::stat(path_.c_str(), &old) == 0;
        if (replaces && S_ISDIR(old.st_mode)) throw error(path_.string(), "a name that can be replaced", "a folder");
        if (replaces && !S_ISREG(old.st_mode))
            throw error(path_.string(), "a regular file to replace, or none", "a device, a pipe or a socket");
        const mode_t mode = replaces ? old.st_mode & 07777 : 0666;
        remove_left_over();
        open_temporary(mode);
        if (replaces) static_cast<void>(::fchmod(file_.number(), mode));  // not every file system has modes
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
        const file_descriptor parent(folder(), O_RDONLY | O_DIRECTORY);
        if (!parent) fail("a folder that can be opened");
        if (::fsync(file_.number()) != 0) fail("bytes that reach the disk");
        if (!file_.close()) fail("a file that closes");
        if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("a name that can be replaced");
        temporary_.clear();
        // EINVAL: the file system keeps no folder entries that could be forced out.
        if (::fsync(parent.number()) != 0 && errno != EINVAL)
            throw io_error(path_, "a folder entry that reaches the disk");
    }

  private:
    std::filesystem::path folder() const { return path_.has_parent_path() ? path_.parent_path() : "."; }

    // Process numbers repeat after a crash and between containers: a name that is taken is passed over, never reused.
    void open_temporary(mode_t mode) {
        for (int n = 0; n < attempts; ++n) {
            temporary_ = path_.string() + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(n);
            file_ = file_descriptor(temporary_, O_WRONLY | O_CREAT | O_EXCL, mode);
            if (file_ && holds_lock()) return;
            if (!file_ && errno != EEXIST) break;
        }
        temporary_.clear();
        throw io_error(path_, "a folder that can be written");
    }

    // False when another writer took the new file for one left over before it was locked. A file system without locks
    // has nothing removed.
    bool holds_lock() const {
        if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
        struct stat status{};
        return ::fstat(file_.number(), &status) != 0 || status.st_nlink > 0;
    }

    void remove_left_over() const {
        std::error_code ignored;
        const std::string start = path_.filename().string() + ".tmp-";
        for (std::filesystem::directory_iterator entry(folder(), ignored), end; !ignored && entry != end;
             entry.increment(ignored)) {
            const std::string name = entry->path().filename().string();
            if (!name.starts_with(start) || !is_temporary(name.substr(start.size()))) continue;
            const file_descriptor old(entry->path(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
            struct stat status{};
            if (old && ::fstat(old.number(), &status) == 0 && S_ISREG(status.st_mode) &&
                ::flock(old.number(), LOCK_EX | LOCK_NB) == 0)
                ::unlink(entry->path().c_str());
        }
    }

    // "<process>-<n>"
    static bool is_temporary(std::string_view ending) {
        const std::size_t dash = ending.find('-');
        const auto number = [](std::string_view text) {
            return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
        };
        return dash != std::string_view::npos && number(ending.substr(0, dash)) && number(ending.substr(dash + 1));
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

}  // namespace tessera::detail
