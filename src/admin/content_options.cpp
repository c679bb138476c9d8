// GET, PUT /options/content: which files are kept here, when they are fetched, how fast.

#include "policy/content_options.hpp"
#include "admin/nouns.hpp"
#include "admin/times_of_day.hpp"
#include "admin/values.hpp"
#include "diagnosis/events.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxRate = std::uint64_t{1} << 30U;

/// What it was, or what one of two words says.
Result<bool> read_word(Fields& fields, std::string_view name, bool otherwise, std::string_view yes,
                       std::string_view no) {
    const auto word = fields.optional_text(name);
    if (!word) {
        return otherwise;
    }
    if (*word != yes && *word != no) {
        return fail("options.invalid",
                    "'" + *word + "' is nothing that " + std::string(name) + " can be.",
                    "There are " + std::string(yes) + " and " + std::string(no) + ".");
    }
    return *word == yes;
}

Result<std::vector<policy::RateWindow>> read_windows(Fields& fields) {
    std::vector<policy::RateWindow> windows;
    for (Fields& window : fields.objects("windows")) {
        const auto from = minute_of_day(window.text("from"));
        const auto until = minute_of_day(window.text("until"));
        const std::uint64_t rate = window.number("kib_per_second", 0, kMaxRate);
        if (auto read = window.finish(); !read) {
            return std::unexpected(read.error());
        }
        if (!from || !until) {
            return fail("options.invalid", "A part of the day has no time of a day.",
                        "Give hours and minutes, as 08:00 and 18:00.");
        }
        windows.push_back({*from, *until, rate});
    }
    return windows;
}

/// Fields that are absent keep their values.
Result<> read_options(Fields& fields, policy::ContentOptions& options) {
    const auto store = read_word(fields, "store", options.store_here, "here", "microsoft");
    const auto download =
        read_word(fields, "download", options.only_approved, "approved", "synchronized");
    options.express = fields.flag("express", options.express);
    options.kib_per_second = fields.number("kib_per_second", options.kib_per_second, kMaxRate);
    if (fields.has("windows")) {
        auto windows = read_windows(fields);
        if (!windows) {
            return std::unexpected(windows.error());
        }
        options.windows = std::move(*windows);
    }
    if (auto read = fields.finish(); !read) {
        return std::unexpected(read.error());
    }
    if (!store || !download) {
        return std::unexpected(store ? download.error() : store.error());
    }
    options.store_here = *store;
    options.only_approved = *download;
    return {};
}

Result<Reply> show(const Services& services) {
    const auto options = policy::load_content_options(services.store);
    if (!options) {
        return std::unexpected(options.error());
    }
    return Reply{to_json(*options)};
}

Result<Reply> change(Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    policy::ContentOptions before;
    const auto options =
        policy::change_content_options(services.store, [&](policy::ContentOptions& changing) {
            before = changing;
            return read_options(*fields, changing);
        });
    if (!options) {
        return std::unexpected(options.error());
    }
    if (auto published = services.publisher.refresh(); !published) {
        return std::unexpected(published.error());
    }
    json::object shown = to_json(*options);
    diagnosis::tell_option_changed(services.journal, "The options of content", call.caller.name,
                                   to_json(before), shown);
    return Reply{std::move(shown)};
}

}  // namespace

void add_content_options(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "options/content", [&services](const Call&) { return show(services); });
    dispatch.add("PUT", "options/content",
                 [&services](const Call& call) { return change(services, call); });
}

}  // namespace headwater::admin
