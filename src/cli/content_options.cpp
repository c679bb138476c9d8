// `headwater content options`: which files are kept here, when they are fetched, how fast.

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct Texts {
    std::string store;
    std::string download;
    bool express = false;
    std::uint64_t rate = 0;
    std::string windows;
};

std::string rate_text(const json::value& object) {
    const std::uint64_t rate = number(object, "kib_per_second");
    return rate == 0 ? "no limit" : grouped(rate) + " KiB/s";
}

Result<> print_options(Session& session, const json::value& options) {
    if (session.print_json(options)) {
        return {};
    }
    std::ostream& out = session.output.out;
    const bool here = field(options, "store") == "here";
    out << "Files            "
        << (here ? "stored here" : "left at Microsoft Update, where agents fetch them")
        << "\nFetched          "
        << (field(options, "download") == "approved" ? "when their update is approved"
                                                     : "as soon as they are synchronized")
        << "\nExpress files    " << (flag(options, "express") ? "yes" : "no")
        << "\nBandwidth        " << rate_text(options) << '\n';
    for (const json::value& window : list(options, "windows")) {
        out << "  " << field(window, "from") << " to " << field(window, "until") << "  "
            << rate_text(window) << '\n';
    }
    out << "Languages and the source of files are options of `headwater sync options`.\n";
    return {};
}

/// "08:00-18:00=512"
Result<json::object> window_of(const std::string& text) {
    const std::size_t dash = text.find('-');
    const std::size_t equals = text.find('=');
    const std::string rate = equals == std::string::npos ? "" : text.substr(equals + 1);
    if (dash == std::string::npos || equals < dash || rate.empty() || rate.size() > 10 ||
        rate.find_first_not_of("0123456789") != std::string::npos) {
        return fail("input.window", "'" + text + "' is no part of a day with its limit.",
                    "Give it as 08:00-18:00=512, which is 512 KiB/s; 0 is no limit.");
    }
    return json::object{{"from", text.substr(0, dash)},
                        {"until", text.substr(dash + 1, equals - dash - 1)},
                        {"kib_per_second", std::stoull(rate)}};
}

Result<json::object> body_of(const Texts& texts, const CLI::App& command) {
    json::object body;
    if (command.count("--store") > 0) {
        body["store"] = texts.store;
    }
    if (command.count("--download") > 0) {
        body["download"] = texts.download;
    }
    if (command.count("--express") > 0) {
        body["express"] = texts.express;
    }
    if (command.count("--rate") > 0) {
        body["kib_per_second"] = texts.rate;
    }
    if (command.count("--rate-between") > 0) {
        json::array windows;
        for (const std::string& text :
             texts.windows == "none" ? std::vector<std::string>{} : split_names(texts.windows)) {
            auto window = window_of(text);
            if (!window) {
                return window;
            }
            windows.push_back(std::move(*window));
        }
        body["windows"] = std::move(windows);
    }
    return body;
}

Result<> options(Session& session, const Texts& texts, const CLI::App& command) {
    auto body = body_of(texts, command);
    if (!body) {
        return std::unexpected(body.error());
    }
    ApiRequest request{.path = "options/content"};
    if (!body->empty()) {
        request.method = "PUT";
        request.body = std::move(*body);
    }
    const auto answer = session.api.call(request);
    return answer ? print_options(session, *answer) : std::unexpected(answer.error());
}

}  // namespace

void add_content_options(CLI::App& content, Environment& environment, int& status) {
    auto texts = std::make_shared<Texts>();
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command =
        add_command(content, environment, status, "options",
                    "Show or change which files are kept here, when they are fetched and how fast",
                    "headwater content options --store here --download approved --no-express\n"
                    "headwater content options --rate 0 --rate-between 08:00-18:00=512",
                    [texts, self](Session& session) { return options(session, *texts, **self); });
    *self = &command;
    command
        .add_option("--store", texts->store,
                    "here, or microsoft: agents fetch files from Microsoft Update")
        ->check(CLI::IsMember({"here", "microsoft"}));
    command
        .add_option("--download", texts->download,
                    "When files are fetched: approved, or synchronized")
        ->check(CLI::IsMember({"approved", "synchronized"}));
    command.add_flag("--express,!--no-express", texts->express,
                     "Fetch express installation files, too: larger here, smaller for computers");
    command.add_option("--rate", texts->rate, "At most so many KiB/s in all; 0 for no limit")
        ->type_name("KIB");
    command
        .add_option("--rate-between", texts->windows,
                    "Other limits for parts of the day, between commas; or none")
        ->type_name("HH:MM-HH:MM=KIB");
}

}  // namespace headwater::cli
