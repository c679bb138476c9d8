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
    auto transferring = files_in(services.store, store::FileState::kTransferring, limit);
    if (!transferring) {
        return std::unexpected(transferring.error());
    }
    json::object answer = to_json(*status);
    answer["failed_files"] = std::move(*failed);
    answer["transferring_files"] = std::move(*transferring);
    return Reply{std::move(answer)};
}

Result<Reply> status(const Services& services, const Call& call) {
    if (auto known = call.query.allow({"limit"}); !known) {
        return std::unexpected(known.error());
    }
    const auto limit = call.query.number("limit", kDefaultLimit, kMaxLimit);
    if (!limit) {
        return std::unexpected(limit.error());
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

void add_content(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "content",
                 [&services](const Call& call) { return status(services, call); });
    dispatch.add("POST", "content/retry", [&services](const Call&) { return retry(services); });
}

}  // namespace headwater::admin
