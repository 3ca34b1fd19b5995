// moved_mark: whether what an object holds has gone to another one; goes along in copies and moves as the memory does.
#pragma once

namespace tessera::detail {

class moved_mark {
  public:
    constexpr moved_mark() = default;
    constexpr moved_mark(const moved_mark&) = default;
    constexpr moved_mark(moved_mark&& from) noexcept : away_(from.away_) { from.away_ = true; }
    constexpr moved_mark& operator=(const moved_mark&) = default;
    constexpr moved_mark& operator=(moved_mark&& from) noexcept {
        if (this == &from) return *this;
        away_ = from.away_;
        from.away_ = true;
        return *this;
    }
    constexpr bool away() const noexcept { return away_; }

  private:
    bool away_ = false;
};

}  // namespace tessera::detail
