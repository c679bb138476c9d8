#include "content/chunked_part.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "content/shelf.hpp"

namespace headwater::content {
namespace {

constexpr std::size_t kMaxTag = 512;
constexpr std::size_t kBuffer = std::size_t{1} << 20U;

Result<> write_at(int descriptor, ByteView data, std::uint64_t offset,
                  const std::filesystem::path& path) {
    while (!data.empty()) {
        const ssize_t written =
            ::pwrite(descriptor, data.data(), data.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return std::unexpected(file_error("write", path, errno));
        }
        offset += static_cast<std::uint64_t>(written);
        data = data.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

/// As much as there is.
std::size_t read_at(int descriptor, std::span<std::uint8_t> into, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t got = ::pread(descriptor, into.data() + done, into.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::array<std::uint8_t, 4> little_endian(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8U),
            static_cast<std::uint8_t>(value >> 16U), static_cast<std::uint8_t>(value >> 24U)};
}

}  // namespace

ChunkedPart::ChunkedPart(std::filesystem::path path, std::uint64_t size, std::uint64_t chunk)
    : path_(std::move(path)),
      progress_path_(path_.string() + ".ranges"),
      size_(size),
      chunk_(chunk),
      here_((size + chunk - 1) / chunk, 0) {}

ChunkedPart::~ChunkedPart() {
    close();
}

Result<> ChunkedPart::open() {
    constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    for (auto [descriptor, path] :
         {std::pair(&descriptor_, &path_), std::pair(&progress_, &progress_path_)}) {
        *descriptor = ::open(path->c_str(), kFlags, 0600);
        if (*descriptor < 0) {
            return std::unexpected(file_error("open", *path, errno));
        }
    }
    return read_progress() ? Result<>{} : start_anew();
}

std::string ChunkedPart::header() const {
    std::string text = "headwater-ranges 1 " + std::to_string(size_) + " " +
                       std::to_string(chunk_) + "\n" + tag_ + "\n";
    text.resize(kHeader, ' ');
    return text;
}

bool ChunkedPart::read_progress() {
    Bytes bytes(kHeader + here_.size() * 4);
    if (read_at(progress_, bytes, 0) != bytes.size()) {
        return false;
    }
    const std::string_view text = as_text(ByteView(bytes).first(kHeader));
    const std::size_t line = std::min(text.find('\n'), text.size() - 1);
    const std::size_t end = text.find('\n', line + 1);
    tag_ = end == std::string_view::npos ? "" : text.substr(line + 1, end - line - 1);
    if (tag_.empty() || header() != text) {
        tag_.clear();
        return false;
    }
    for (std::size_t i = 0; i < here_.size(); ++i) {
        std::uint32_t value = 0;
        for (std::size_t byte = 4; byte > 0; --byte) {
            value = value << 8U | bytes[kHeader + i * 4 + byte - 1];
        }
        here_[i] = value;
    }
    if (!is_possible()) {
        tag_.clear();
        return false;
    }
    return true;
}

/// A part goes before its progress: a kill between the two leaves promises of what is not here.
bool ChunkedPart::is_possible() const {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) {
        return false;
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    for (std::size_t i = 0; i < here_.size(); ++i) {
        if (here_[i] > length_of(i) || (here_[i] > 0 && i * chunk_ + here_[i] > size)) {
            return false;
        }
    }
    return size <= size_;
}

Result<> ChunkedPart::start_anew() {
    std::ranges::fill(here_, 0U);
    if (::ftruncate(descriptor_, 0) != 0 || ::ftruncate(progress_, 0) != 0) {
        return std::unexpected(file_error("empty", path_, errno));
    }
    return {};
}

std::uint64_t ChunkedPart::length_of(std::size_t number) const {
    return std::min(chunk_, size_ - number * chunk_);
}

std::string ChunkedPart::tag() const {
    const std::scoped_lock lock(mutex_);
    return tag_;
}

bool ChunkedPart::set_tag(const std::string& tag) {
    const std::scoped_lock lock(mutex_);
    if (tag.empty() || tag.size() > kMaxTag || tag.find('\n') != std::string::npos) {
        return false;
    }
    tag_ = tag;
    const Bytes none(here_.size() * 4, 0);
    return write_at(progress_, none, kHeader, progress_path_).has_value() &&
           write_at(progress_, as_bytes(header()), 0, progress_path_).has_value();
}

std::optional<ChunkedPart::Chunk> ChunkedPart::take() {
    const std::scoped_lock lock(mutex_);
    while (next_ < here_.size()) {
        const std::size_t number = next_++;
        if (here_[number] < length_of(number)) {
            const std::uint64_t start = number * chunk_;
            return Chunk{number, start + here_[number], start + length_of(number)};
        }
    }
    return std::nullopt;
}

Result<> ChunkedPart::write(Chunk& chunk, ByteView data) {
    if (auto written = write_at(descriptor_, data, chunk.from, path_); !written) {
        return written;
    }
    chunk.from += data.size();
    const auto here = static_cast<std::uint32_t>(chunk.from - chunk.number * chunk_);
    {
        const std::scoped_lock lock(mutex_);
        here_[chunk.number] = here;
    }
    return write_at(progress_, little_endian(here), kHeader + chunk.number * 4, progress_path_);
}

Result<> ChunkedPart::digest_what_is_whole() {
    const std::unique_lock lock(digesting_, std::try_to_lock);
    return lock.owns_lock() ? digest_front() : Result<>{};
}

Result<> ChunkedPart::digest_front() {
    Bytes buffer(kBuffer);
    for (; digested_ < here_.size(); ++digested_) {
        {
            const std::scoped_lock lock(mutex_);
            if (here_[digested_] < length_of(digested_)) {
                return {};
            }
        }
        std::uint64_t at = digested_ * chunk_;
        for (std::uint64_t left = length_of(digested_); left > 0;) {
            const auto part = std::span(buffer).first(std::min<std::uint64_t>(left, kBuffer));
            if (read_at(descriptor_, part, at) != part.size()) {
                return std::unexpected(file_error("read", path_, errno));
            }
            hasher_.update(part);
            at += part.size();
            left -= part.size();
        }
    }
    return {};
}

Result<FileHasher::Digests> ChunkedPart::finish() {
    const std::scoped_lock lock(digesting_);
    if (auto read = digest_front(); !read) {
        return std::unexpected(read.error());
    }
    return hasher_.finish();
}

void ChunkedPart::throw_away() {
    close();
    ::unlink(path_.c_str());
    ::unlink(progress_path_.c_str());
}

void ChunkedPart::close() {
    for (int* descriptor : {&descriptor_, &progress_}) {
        if (*descriptor >= 0) {
            ::close(*descriptor);
            *descriptor = -1;
        }
    }
}

void ChunkedPart::forget_progress() const {
    ::unlink(progress_path_.c_str());
}

}  // namespace headwater::content
