// /transfers: the queue of the transfer service, and what is ordered of it.

#include <algorithm>
#include <array>
#include <unordered_map>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "base/utf.hpp"
#include "content/wanted.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

using store::FileState;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 10'000;
constexpr std::size_t kDigits = 40;
constexpr std::array kListed = {FileState::kWaiting, FileState::kPaused, FileState::kFailed,
                                FileState::kCancelled};

/// What is under way first, then the queue in its order, then what does not come.
Result<json::array> list_files(const Services& services, std::size_t limit,
                               std::optional<std::string_view> state) {
    std::unordered_map<Sha1, content::TransferProgress> active;
    for (content::TransferProgress& one : services.transfer.active()) {
        active.emplace(one.file.sha1, std::move(one));
    }
    std::vector<json::object> under_way;
    std::vector<json::object> others;
    for (const FileState each : kListed) {
        if (state && *state != name_of(each)) {
            continue;
        }
        const auto files = services.store.files_in_state(each, limit);
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const store::FileRecord& file : *files) {
            json::object row = to_json(file);
            const auto one = active.find(file.sha1);
            const bool is_active = one != active.end();
            row["active"] = is_active;
            row["transferred"] = is_active ? one->second.transferred : 0;
            row["rate"] = is_active ? one->second.rate : 0;
            (is_active ? under_way : others).push_back(std::move(row));
        }
    }
    json::array rows;
    for (auto* part : {&under_way, &others}) {
        for (json::object& row : *part) {
            if (rows.size() < limit) {
                rows.push_back(std::move(row));
            }
        }
    }
    return rows;
}

Result<Reply> show(const Services& services, std::size_t limit,
                   std::optional<std::string_view> state) {
    const auto status = services.transfer.status();
    if (!status) {
        return std::unexpected(status.error());
    }
    auto files = list_files(services, limit, state);
    if (!files) {
        return std::unexpected(files.error());
    }
    json::object answer = to_json(*status);
    answer["files"] = std::move(*files);
    return Reply{std::move(answer)};
}

Result<Reply> list(const Services& services, const Call& call, const Waiting::Count& waiting) {
    if (auto known = call.query.allow({"limit", "state", "wait"}); !known) {
        return std::unexpected(known.error());
    }
    const auto limit = call.query.number("limit", kDefaultLimit, kMaxLimit);
    const auto wait = call.query.number("wait", 0, kMaxWaitMilliseconds);
    if (!limit || !wait) {
        return std::unexpected(limit ? wait.error() : limit.error());
    }
    const auto state = call.query.text("state");
    if (state && std::ranges::find(kListed, *state, [](FileState each) { return name_of(each); }) ==
                     kListed.end()) {
        return fail("request.query",
                    "There is no state '" + std::string(*state) + "' of a transfer.",
                    "There are waiting, paused, failed and cancelled.");
    }
    const Waiting one(waiting);
    if (*wait > 0 && one.allowed()) {
        std::ignore = services.transfer.wait_until_done(std::chrono::milliseconds(*wait));
    }
    return show(services, *limit, state);
}

/// By SHA-1, or by the name of a file that is in the queue.
Result<Sha1> find_file(const Services& services, const std::string& name) {
    const auto bytes = name.size() == kDigits ? from_hex(name) : std::nullopt;
    if (const auto sha1 = bytes ? Sha1::from(*bytes) : std::nullopt) {
        const auto known = services.store.file(*sha1);
        if (!known) {
            return std::unexpected(known.error());
        }
        if (*known) {
            return *sha1;
        }
    }
    std::vector<Sha1> found;
    for (const FileState state : kListed) {
        const auto files = services.store.files_in_state(state, 0);
        if (!files) {
            return std::unexpected(files.error());
        }
        for (const store::FileRecord& file : *files) {
            if (equal_ignoring_case(file.name, name)) {
                found.push_back(file.sha1);
            }
        }
    }
    if (found.empty()) {
        return fail("transfer.unknown", "There is no transfer of a file '" + name + "'.",
                    "List them with `headwater transfers`.");
    }
    if (found.size() > 1) {
        std::vector<std::string> candidates;
        for (const Sha1& sha1 : found) {
            candidates.push_back(to_hex_lower(sha1.bytes));
        }
        return fail("transfer.ambiguous", "Several files have the name '" + name + "'.",
                    "Give the SHA-1 of the one that is meant.", std::move(candidates));
    }
    return found.front();
}

/// What an order is about.
struct Order {
    content::Transfer::Chosen files;
    std::vector<Guid> updates;
    bool decline = false;
};

Result<> add_files_of_updates(const policy::View& view, const std::vector<Guid>& updates,
                              std::vector<Sha1>& into) {
    for (const Guid& id : updates) {
        const catalog::Index index = view.catalog().newest(id);
        if (index == catalog::kNone) {
            return fail("update.unknown", "There is no update " + id.text() + " here.",
                        "List them with `headwater updates list`.");
        }
        for (const catalog::RevisionFile& file : content::files_of(view.catalog(), index)) {
            into.push_back(file.sha1);
        }
    }
    return {};
}

Result<Order> read_order(const Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const bool all = fields->flag("all", false);
    const auto files = fields->has("files") ? fields->texts("files") : std::vector<std::string>{};
    const auto updates =
        fields->has("updates") ? fields->texts("updates") : std::vector<std::string>{};
    Order order;
    order.decline = fields->flag("decline", false);
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    if (all == !(files.empty() && updates.empty()) || (order.decline && updates.empty())) {
        return fail("request.field",
                    order.decline ? "What is to be declined is not said."
                                  : "Which files are meant is not said, or in two ways.",
                    "Name files or updates, or all of them; to decline, name updates.");
    }
    if (all) {
        return order;
    }
    order.files.emplace();
    for (const std::string& name : files) {
        const auto sha1 = find_file(services, name);
        if (!sha1) {
            return std::unexpected(sha1.error());
        }
        order.files->push_back(*sha1);
    }
    const auto view = services.publisher.view();
    auto ids = find_updates(*view, updates, true);
    if (!ids) {
        return std::unexpected(ids.error());
    }
    if (auto added = add_files_of_updates(*view, *ids, *order.files); !added) {
        return std::unexpected(added.error());
    }
    order.updates = std::move(*ids);
    return order;
}

using Act = Result<std::size_t> (content::Transfer::*)(const content::Transfer::Chosen&);

Result<Reply> carry_out(Services& services, const Call& call, Act act, bool may_decline) {
    const auto order = read_order(services, call);
    if (!order) {
        return std::unexpected(order.error());
    }
    if (order->decline && !may_decline) {
        return fail("request.field", "Only a transfer that is cancelled can be declined with it.");
    }
    const auto count = (services.transfer.*act)(order->files);
    if (!count) {
        return std::unexpected(count.error());
    }
    if (order->decline) {
        if (auto declined = services.administration.decline(order->updates, true, call.caller.name);
            !declined) {
            return std::unexpected(declined.error());
        }
    }
    return Reply{json::object{{"files", *count},
                              {"declined", order->decline ? order->updates.size() : 0},
                              {"service", name_of(services.transfer.mode())}}};
}

Result<Reply> change_service(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    const std::string action = fields->text("action");
    if (auto read = fields->finish(); !read) {
        return std::unexpected(read.error());
    }
    constexpr std::array<std::pair<std::string_view, content::TransferMode>, 3> kModes = {
        {{"start", content::TransferMode::kRunning},
         {"pause", content::TransferMode::kPaused},
         {"stop", content::TransferMode::kStopped}}};
    const auto known = std::ranges::find(kModes, std::string_view(action),
                                         [](const auto& pair) { return pair.first; });
    if (known == kModes.end() && action != "restart") {
        return fail("request.field", "The transfer service knows no '" + action + "'.",
                    "There are start, pause, stop and restart.");
    }
    const auto done = action == "restart" ? services.transfer.restart()
                                          : services.transfer.set_mode(known->second);
    if (!done) {
        return std::unexpected(done.error());
    }
    return show(services, kDefaultLimit, std::nullopt);
}

}  // namespace

void add_transfers(Dispatch& dispatch, Services& services, const Waiting::Count& waiting) {
    dispatch.add("GET", "transfers",
                 [&services, waiting](const Call& call) { return list(services, call, waiting); });
    dispatch.add("POST", "transfers/service",
                 [&services](const Call& call) { return change_service(services, call); });
    const std::pair<const char*, Act> acts[] = {{"transfers/pause", &content::Transfer::pause},
                                                {"transfers/resume", &content::Transfer::resume},
                                                {"transfers/cancel", &content::Transfer::cancel},
                                                {"transfers/retry", &content::Transfer::retry}};
    for (const auto& [path, act] : acts) {
        dispatch.add("POST", path, [&services, act](const Call& call) {
            return carry_out(services, call, act, act == &content::Transfer::cancel);
        });
    }
}

}  // namespace headwater::admin
