#include "content/ranged_download.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "content/chunked_part.hpp"
#include "content/transfer_errors.hpp"

namespace headwater::content {
namespace {

using Chunk = ChunkedPart::Chunk;

class RangedDownload {
public:
    RangedDownload(net::Client& client, const Shelf& shelf, const store::FileRecord& file,
                   const DownloadSource& source, const Progress& progress,
                   const RangesOptions& options)
        : client_(client),
          shelf_(shelf),
          file_(file),
          source_(source),
          progress_(progress),
          options_(options),
          cancel_(std::make_shared<net::CancelToken>(source.cancel)),
          part_(shelf.partial_path(file.sha1), file.size, options.chunk) {}

    Result<> run() {
        if (auto opened = part_.open(); !opened) {
            return opened;
        }
        // The first range alone tells the tag that all others have to have.
        if (part_.tag().empty()) {
            if (auto chunk = part_.take()) {
                fetch(*chunk);
            }
        }
        if (!failure_) {
            fetch_the_rest();
        }
        return failure_ ? finish_failed(std::move(*failure_)) : verify();
    }

private:
    /// One range, and how its answer goes on.
    struct Answer {
        Chunk chunk;
        std::optional<Error> failure;
    };

    void fetch_the_rest() {
        const auto work = [this] {
            while (auto chunk = has_failed() ? std::nullopt : part_.take()) {
                fetch(*chunk);
                if (auto digested = part_.digest_what_is_whole(); !digested) {
                    fail_with(digested.error());
                }
            }
        };
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < options_.connections; ++i) {
            others.emplace_back(work);
        }
        work();
    }

    void fetch(const Chunk& chunk) {
        Answer answer{chunk, std::nullopt};
        net::ClientRequest request;
        request.url = source_.url;
        request.proxy = source_.proxy;
        request.cancel = cancel_;
        request.stall_timeout = source_.stall_timeout;
        request.rate_limit = source_.rate_limit;
        request.max_body_bytes = std::numeric_limits<std::uint64_t>::max();
        request.headers.add(
            "Range", "bytes=" + std::to_string(chunk.from) + "-" + std::to_string(chunk.until - 1));
        if (const std::string tag = part_.tag(); !tag.empty()) {
            request.headers.add("If-Range", tag);
        }
        const auto got = client_.stream(
            request,
            [&](unsigned status, const net::Headers& headers) {
                answer.failure = problem_of(status, headers, answer.chunk);
                return !answer.failure;
            },
            [&](ByteView data) {
                answer.failure = take(answer.chunk, data);
                return !answer.failure;
            });
        if (answer.failure) {
            fail_with(std::move(*answer.failure));
        } else if (!got) {
            fail_with(got.error());
        } else if (answer.chunk.from != answer.chunk.until) {
            fail_with(wrong_length(file_, source_.url, "fewer bytes than a range announced"));
        }
    }

    std::optional<Error> problem_of(unsigned status, const net::Headers& headers,
                                    const Chunk& chunk) {
        const std::string tag = part_.tag();
        if (status == 200) {
            // The answer to If-Range where the file is another one; else of who knows no ranges.
            return tag.empty() ? no_ranges() : changed_between(file_, source_.url);
        }
        if (status != 206) {
            return wrong_status(file_, source_.url, status, headers);
        }
        const auto range = parse_content_range(headers.get("Content-Range").value_or(""));
        if (!range || range->first != chunk.from || range->size != file_.size) {
            return wrong_length(file_, source_.url, "a range that was not asked for");
        }
        const std::string its_tag = strong_tag(headers);
        if (tag.empty()) {
            return part_.set_tag(its_tag) ? std::nullopt : std::optional(no_ranges());
        }
        return its_tag == tag ? std::nullopt : std::optional(changed_between(file_, source_.url));
    }

    static Error no_ranges() {
        return {"content.no_ranges", "The server answers no ranges under a strong tag."};
    }

    std::optional<Error> take(Chunk& chunk, ByteView data) {
        if (data.size() > chunk.until - chunk.from) {
            return wrong_length(file_, source_.url, "more bytes than a range was asked for");
        }
        if (auto written = part_.write(chunk, data); !written) {
            return written.error();
        }
        progress_(data.size());
        return std::nullopt;
    }

    [[nodiscard]] bool has_failed() {
        const std::scoped_lock lock(mutex_);
        return failure_.has_value();
    }

    /// The first failure counts, and ends the other ranges.
    void fail_with(Error error) {
        {
            const std::scoped_lock lock(mutex_);
            if (!failure_) {
                failure_ = std::move(error);
            }
        }
        cancel_->cancel();
    }

    Result<> finish_failed(Error error) {
        if (spoils_the_part(error) || error.code == "content.no_ranges") {
            part_.throw_away();
        }
        return std::unexpected(std::move(error));
    }

    Result<> verify() {
        const auto digests = part_.finish();
        if (!digests) {
            return std::unexpected(digests.error());
        }
        if (digests->sha1 != file_.sha1 || (file_.sha256 && digests->sha256 != *file_.sha256)) {
            return finish_failed(wrong_digest(file_, source_.url, digests->sha1));
        }
        part_.close();
        auto shelved = shelf_.shelve(file_.sha1, file_.extension);
        if (shelved) {
            part_.forget_progress();
        }
        return shelved;
    }

    net::Client& client_;
    const Shelf& shelf_;
    const store::FileRecord& file_;
    const DownloadSource& source_;
    const Progress& progress_;
    const RangesOptions& options_;
    std::shared_ptr<net::CancelToken> cancel_;
    ChunkedPart part_;
    std::mutex mutex_;
    std::optional<Error> failure_;
};

}  // namespace

Result<> download_ranged(net::Client& client, const Shelf& shelf, const store::FileRecord& file,
                         const DownloadSource& source, const Progress& progress,
                         const RangesOptions& options) {
    return RangedDownload(client, shelf, file, source, progress, options).run();
}

}  // namespace headwater::content
