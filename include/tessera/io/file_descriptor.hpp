// file_descriptor: owns one POSIX file descriptor and closes it once.
//
//   file_descriptor file(path, O_RDONLY);
//   if (!file) throw io_error(path, "a readable file");
//
// Errors  open never throws; an unopened descriptor is false and errno says why.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace tessera::detail {

class file_descriptor {
  public:
    file_descriptor() = default;
    file_descriptor(const std::filesystem::path& path, int flags, unsigned mode = 0666) {
        do {
            number_ = ::open(path.c_str(), flags | O_CLOEXEC, mode);
        } while (number_ < 0 && errno == EINTR);
    }
    file_descriptor(file_descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    file_descriptor& operator=(file_descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~file_descriptor() { close(); }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }

    // False when the system reports a late write error; the descriptor is closed in any case.
    bool close() noexcept {
        const int number = std::exchange(number_, -1);
        return number < 0 || ::close(number) == 0 || errno == EINTR;
    }

  private:
    int number_ = -1;
};

}  // namespace tessera::detail
