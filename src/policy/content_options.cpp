#include "policy/content_options.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>

#include "policy/stored_json.hpp"

namespace headwater::policy {
namespace {

namespace json = boost::json;

constexpr const char* kContentOptions = "options.content";
constexpr unsigned kMinutesOfADay = 24 * 60;
constexpr std::uint64_t kMaxRate = std::uint64_t{1} << 30U;
constexpr std::size_t kMaxWindows = 48;

bool holds(const RateWindow& window, unsigned minute) {
    return window.from_minute <= window.until_minute
               ? minute >= window.from_minute && minute < window.until_minute
               : minute >= window.from_minute || minute < window.until_minute;
}

std::vector<RateWindow> windows(const json::object& object) {
    std::vector<RateWindow> found;
    const json::value* list = object.if_contains("windows");
    if (list == nullptr || !list->is_array()) {
        return found;
    }
    for (const json::value& item : list->get_array()) {
        if (item.is_object() && found.size() < kMaxWindows) {
            const json::object& window = item.get_object();
            found.push_back(
                {static_cast<unsigned>(number(window, "from_minute", 0, 0, kMinutesOfADay - 1)),
                 static_cast<unsigned>(number(window, "until_minute", 0, 0, kMinutesOfADay - 1)),
                 number(window, "kib_per_second", 0, 0, kMaxRate)});
        }
    }
    return found;
}

Result<> check(const ContentOptions& options) {
    if (options.kib_per_second > kMaxRate || options.windows.size() > kMaxWindows) {
        return fail("options.invalid",
                    "The limit of bandwidth has to be from 0 to 1073741824 KiB/s, with at most 48 "
                    "parts of the day.");
    }
    for (const RateWindow& window : options.windows) {
        if (window.from_minute >= kMinutesOfADay || window.until_minute >= kMinutesOfADay ||
            window.from_minute == window.until_minute || window.kib_per_second > kMaxRate) {
            return fail("options.invalid",
                        "A part of the day with a limit of bandwidth has to begin and end at two "
                        "different times of the day, with a limit of 0 to 1073741824 KiB/s.",
                        "Give it as 08:00-18:00=512.");
        }
    }
    return {};
}

}  // namespace

unsigned local_minute(Time at) {
    const std::time_t moment =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::tm local{};
    ::localtime_r(&moment, &local);
    return static_cast<unsigned>(local.tm_hour * 60 + local.tm_min);
}

std::uint64_t ContentOptions::rate_at(unsigned minute) const {
    const auto window =
        std::ranges::find_if(windows, [&](const RateWindow& one) { return holds(one, minute); });
    return (window == windows.end() ? kib_per_second : window->kib_per_second) * 1024;
}

Result<ContentOptions> load_content_options(const store::Store& store) {
    const auto loaded = load_json(store, kContentOptions);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    ContentOptions options;
    if (!*loaded || !(*loaded)->is_object()) {
        return options;
    }
    const json::object& object = (*loaded)->get_object();
    options.store_here = flag(object, "store_here", options.store_here);
    options.only_approved = flag(object, "only_approved", options.only_approved);
    options.express = flag(object, "express", options.express);
    options.kib_per_second = number(object, "kib_per_second", 0, 0, kMaxRate);
    options.windows = windows(object);
    return options;
}

Result<> save_content_options(store::Store& store, const ContentOptions& options) {
    if (auto sound = check(options); !sound) {
        return sound;
    }
    json::array windows;
    for (const RateWindow& window : options.windows) {
        windows.push_back(json::object{{"from_minute", window.from_minute},
                                       {"until_minute", window.until_minute},
                                       {"kib_per_second", window.kib_per_second}});
    }
    const json::object object = {{"store_here", options.store_here},
                                 {"only_approved", options.only_approved},
                                 {"express", options.express},
                                 {"kib_per_second", options.kib_per_second},
                                 {"windows", std::move(windows)}};
    return store.put_setting(kContentOptions, json::serialize(object));
}

Result<ContentOptions> change_content_options(
    store::Store& store, const std::function<Result<>(ContentOptions&)>& change) {
    static std::mutex changing;
    const std::scoped_lock lock(changing);
    auto options = load_content_options(store);
    if (!options) {
        return options;
    }
    if (auto changed = change(*options); !changed) {
        return std::unexpected(changed.error());
    }
    if (auto saved = save_content_options(store, *options); !saved) {
        return std::unexpected(saved.error());
    }
    return options;
}

}  // namespace headwater::policy
