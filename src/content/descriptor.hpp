#pragma once
// Private to content/: an open file as long as it lives. One thread.

#include <unistd.h>

#include <filesystem>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace headwater::content {

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

/// Writes all of it. Errors: those of file_error().
[[nodiscard]] Result<> write_all(int descriptor, ByteView data, const std::filesystem::path& path);
/// Makes durable what this path names. Errors: those of file_error().
[[nodiscard]] Result<> sync_path(const std::filesystem::path& path, int flags);

}  // namespace headwater::content
