#include "admin/nouns.hpp"
#include "admin/values.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 10'000;

Result<json::array> files_in(const store::Store& store, store::FileState state, std::size_t limit) {
    const auto files = store.files_in_state(state, limit);
    if (!files) {
        return std::unexpected(files.error());
    }
    json::array list;
    for (const store::FileRecord& file : *files) {
        list.push_back(to_json(file));
    }
    return list;
}

Result<Reply> show(const Services& services, std::size_t limit) {
    const auto status = services.transfer.status();
    if (!status) {
        return std::unexpected(status.error());
    }
    auto failed = files_in(services.store, store::FileState::kFailed, limit);
    if (!failed) {
        return std::unexpected(failed.error());
    }
    json::array transferring;
    for (const content::TransferProgress& one : services.transfer.active()) {
        transferring.push_back(to_json(one.file));
    }
    json::object answer = to_json(*status);
    answer["failed_files"] = std::move(*failed);
    answer["transferring_files"] = std::move(transferring);
    return Reply{std::move(answer)};
}

Result<Reply> status(const Services& services, const Call& call, const Waiting::Count& waiting) {
    if (auto known = call.query.allow({"limit", "wait"}); !known) {
        return std::unexpected(known.error());
    }
    const auto limit = call.query.number("limit", kDefaultLimit, kMaxLimit);
    if (!limit) {
        return std::unexpected(limit.error());
    }
    const auto wait = call.query.number("wait", 0, kMaxWaitMilliseconds);
    if (!wait) {
        return std::unexpected(wait.error());
    }
    const Waiting one(waiting);
    if (*wait > 0 && one.allowed()) {
        std::ignore = services.transfer.wait_until_done(std::chrono::milliseconds(*wait));
    }
    return show(services, *limit);
}

Result<Reply> retry(Services& services) {
    if (auto queued = services.transfer.retry_failed(); !queued) {
        return std::unexpected(queued.error());
    }
    auto reply = show(services, kDefaultLimit);
    if (reply) {
        reply->status = 202;
    }
    return reply;
}

}  // namespace

void add_content(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("GET", "content", [&services, waiting](const Call& call) {
        return status(services, call, waiting);
    });
    dispatch.add("POST", "content/retry", [&services](const Call&) { return retry(services); });
}

}  // namespace headwater::admin
