// byte_reader: walks over the bytes of a named file and never leaves them.
//
//   read<std::uint32_t>("the magic number")   the next number, little endian unless said otherwise
//   take(count, "the payload")                the next bytes, not copied
//
// Errors  a read past the end throws: "NAME, byte OFFSET: expected WHAT (COUNT bytes), found REST bytes".
#pragma once
#include <bit>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_order.hpp>
#include <tessera/error/error.hpp>
#include <utility>

namespace tessera::detail {

class byte_reader {
  public:
    byte_reader(std::span<const std::byte> bytes, std::string name, std::endian order = std::endian::little)
        : bytes_(bytes), name_(std::move(name)), order_(order) {}

    std::size_t offset() const { return offset_; }
    std::size_t left() const { return bytes_.size() - offset_; }
    const std::string& name() const { return name_; }
    std::string place() const { return place(offset_); }
    std::string place(std::size_t offset) const { return name_ + ", byte " + std::to_string(offset); }

    std::span<const std::byte> take(std::size_t count, std::string_view what) {
        if (count > left())
            throw error(place(), std::string(what) + " (" + std::to_string(count) + " bytes)",
                        std::to_string(left()) + " bytes");
        offset_ += count;
        return bytes_.subspan(offset_ - count, count);
    }

    std::string_view take_text(std::size_t count, std::string_view what) {
        const std::span<const std::byte> taken = take(count, what);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }

    template <class Number> Number read(std::string_view what) {
        return load_bytes<Number>(take(sizeof(Number), what).data(), order_);
    }

    void expect_end() const {
        if (left() != 0) throw error(place(), "the end of the file", std::to_string(left()) + " further bytes");
    }

  private:
    std::span<const std::byte> bytes_;
    std::string name_;
    std::endian order_;
    std::size_t offset_ = 0;
};

}  // namespace tessera::detail
