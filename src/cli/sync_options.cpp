#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/requests.hpp"
#include "cli/secret_input.hpp"

namespace headwater::cli {
namespace {

namespace json = boost::json;

struct OptionTexts {
    std::string upstream;
    std::string content_from;
    bool microsoft = false;
    unsigned history_days = 0;
    std::string products;
    std::string classifications;
    std::string languages;
    unsigned parallel = 0;
};

/// The names of a choice, for people; GUIDs of what is not here yet stay.
Result<std::string> choice_text(Session& session, const json::value& choice,
                                const std::string& noun) {
    if (flag(choice, "all")) {
        return "all";
    }
    const json::array& ids = list(choice, "ids");
    if (ids.empty()) {
        return "none";
    }
    const auto categories = session.api.call({.path = noun});
    if (!categories) {
        return std::unexpected(categories.error());
    }
    std::vector<std::string> names;
    for (const json::value& id : ids) {
        names.push_back(id.is_string() ? std::string(id.get_string()) : std::string{});
        for (const json::value& category : list(*categories, noun)) {
            if (field(category, "id") == names.back()) {
                names.back() = field(category, "title");
                break;
            }
        }
    }
    return joined(names);
}

std::string proxy_text(const json::value& proxy) {
    if (!flag(proxy, "enabled")) {
        return "none";
    }
    std::string text = field(proxy, "server") + ':' + field(proxy, "port");
    const std::string user = field(proxy, "user");
    const std::string domain = field(proxy, "domain");
    text += user.empty() ? ", without login"
                         : ", user " + (domain.empty() ? user : domain + '\\' + user) +
                               (flag(proxy, "has_password") ? "" : " (no password)");
    if (flag(proxy, "allow_basic")) {
        text += ", basic authentication allowed (password in cleartext)";
    }
    if (const json::value& tls = at(proxy, "tls"); tls.is_object()) {
        text += "; for https " + field(tls, "server") + ':' + field(tls, "port");
    }
    if (const json::array& bypass = list(proxy, "bypass"); !bypass.empty()) {
        text += "; not for " + joined(bypass);
    }
    return printable(text);
}

std::string schedule_text(const json::value& schedule) {
    if (field(schedule, "mode") != "daily") {
        return "manual";
    }
    const std::uint64_t times = number(schedule, "per_day");
    std::string text = times == 1 ? "daily" : std::to_string(times) + " times a day";
    text += ", first at " + field(schedule, "first_time") + " (time zone of the server)";
    if (number(schedule, "random_minutes") > 0) {
        text += ", put off by up to " + field(schedule, "random_minutes") + " minutes";
    }
    return printable(text);
}

Result<> print_options(Session& session, const json::value& options) {
    if (session.print_json(options)) {
        return {};
    }
    const auto products = choice_text(session, at(options, "products"), "products");
    if (!products) {
        return std::unexpected(products.error());
    }
    const auto classifications =
        choice_text(session, at(options, "classifications"), "classifications");
    if (!classifications) {
        return std::unexpected(classifications.error());
    }
    const std::string upstream =
        field(options, "source") == "microsoft" ? "Microsoft Update" : field(options, "upstream");
    const json::array& languages = list(options, "languages");
    session.output.out << "Upstream           "
                       << (upstream.empty() ? "not set" : printable(upstream))
                       << "\nFiles from         " << field(options, "content_from")
                       << "\nProxy              " << proxy_text(at(options, "proxy"))
                       << "\nSchedule           " << schedule_text(at(options, "schedule"))
                       << "\nHistory            " << field(options, "history_days") << " days"
                       << "\nProducts           " << printable(*products) << "\nClassifications    "
                       << printable(*classifications) << "\nLanguages          "
                       << (languages.empty() ? "all" : printable(joined(languages)))
                       << "\nParallel requests  " << field(options, "parallel_requests") << '\n';
    return {};
}

Result<json::object> choice_from(Session& session, const std::string& text,
                                 const std::string& noun) {
    const auto categories = session.api.call({.path = noun});
    if (!categories) {
        return std::unexpected(categories.error());
    }
    return choice_of(text, fields_of(list(*categories, noun), "title"));
}

Result<json::object> body_of(Session& session, const OptionTexts& texts, const CLI::App& command) {
    json::object body;
    if (command.count("--upstream") > 0) {
        body["source"] = "server";
        body["upstream"] = texts.upstream;
    }
    if (texts.microsoft) {
        body["source"] = "microsoft";
    }
    if (command.count("--files-from") > 0) {
        body["content_from"] = texts.content_from;
    }
    if (command.count("--history-days") > 0) {
        body["history_days"] = texts.history_days;
    }
    if (command.count("--products") > 0) {
        auto choice = choice_from(session, texts.products, "products");
        if (!choice) {
            return std::unexpected(choice.error());
        }
        body["products"] = std::move(*choice);
    }
    if (command.count("--classifications") > 0) {
        auto choice = choice_from(session, texts.classifications, "classifications");
        if (!choice) {
            return std::unexpected(choice.error());
        }
        body["classifications"] = std::move(*choice);
    }
    if (command.count("--languages") > 0) {
        body["languages"] =
            texts.languages == "all" ? json::array{} : json_texts(split_names(texts.languages));
    }
    if (command.count("--parallel") > 0) {
        body["parallel_requests"] = texts.parallel;
    }
    return body;
}

Result<> options(Session& session, const OptionTexts& texts, const CLI::App& command) {
    auto body = body_of(session, texts, command);
    if (!body) {
        return std::unexpected(body.error());
    }
    ApiRequest request{.path = "options/synchronization"};
    if (!body->empty()) {
        request.method = "PUT";
        request.body = std::move(*body);
    }
    const auto answer = session.api.call(request);
    return answer ? print_options(session, *answer) : std::unexpected(answer.error());
}

struct ProxyTexts {
    std::string server;
    std::string tls_server;
    std::string user;
    std::string domain;
    std::string bypass;
    bool off = false;
    bool ask_password = false;
    bool password_stdin = false;
    bool allow_basic = false;
};

/// "proxy.corp.example:3128"
Result<json::object> endpoint_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos) {
        return fail("input.proxy", "'" + text + "' has no port.",
                    "Give name and port, as proxy.corp.example:3128.");
    }
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    return json::object{{"server", host}, {"port", std::stoul(port)}};
}

Result<json::object> proxy_body(const ProxyTexts& texts, const CLI::App& command) {
    json::object proxy;
    if (texts.off) {
        proxy["enabled"] = false;
    }
    if (command.count("--server") > 0) {
        auto endpoint = endpoint_of(texts.server);
        if (!endpoint) {
            return endpoint;
        }
        proxy = std::move(*endpoint);
        proxy["enabled"] = true;
    }
    if (command.count("--tls-server") > 0) {
        if (texts.tls_server == "none") {
            proxy["tls"] = nullptr;
        } else {
            auto endpoint = endpoint_of(texts.tls_server);
            if (!endpoint) {
                return endpoint;
            }
            proxy["tls"] = std::move(*endpoint);
        }
    }
    if (command.count("--user") > 0) {
        proxy["user"] = texts.user;
    }
    if (command.count("--domain") > 0) {
        proxy["domain"] = texts.domain;
    }
    if (command.count("--bypass") > 0) {
        proxy["bypass"] =
            texts.bypass == "none" ? json::array{} : json_texts(split_names(texts.bypass));
    }
    if (command.count("--allow-basic") > 0) {
        proxy["allow_basic"] = texts.allow_basic;
    }
    if (texts.ask_password || texts.password_stdin) {
        auto password =
            texts.ask_password ? ask_password("Password for the proxy") : read_password();
        if (!password) {
            return std::unexpected(password.error());
        }
        proxy["password"] = *password;
    }
    return proxy;
}

Result<> proxy(Session& session, const ProxyTexts& texts, const CLI::App& command) {
    auto body = proxy_body(texts, command);
    if (!body) {
        return std::unexpected(body.error());
    }
    ApiRequest request{.path = "options/synchronization"};
    if (!body->empty()) {
        request.method = "PUT";
        request.body = json::object{{"proxy", std::move(*body)}};
    }
    const auto answer = session.api.call(request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(at(*answer, "proxy"))) {
        session.output.out << proxy_text(at(*answer, "proxy")) << '\n';
    }
    return {};
}

void add_proxy(CLI::App& sync, Environment& environment, int& status) {
    auto texts = std::make_shared<ProxyTexts>();
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command = add_command(
        sync, environment, status, "proxy", "Show or change the proxy on the way to the upstream",
        "headwater sync proxy --server proxy.corp.example:3128 --user sync --domain CORP "
        "--ask-password\n"
        "headwater sync proxy --bypass '*.corp.example,10.*,<local>'",
        [texts, self](Session& session) { return proxy(session, *texts, **self); });
    *self = &command;
    command.add_option("--server", texts->server, "Its name and port, which switches it on")
        ->type_name("HOST:PORT");
    command.add_option("--tls-server", texts->tls_server, "Another one for https, or none")
        ->type_name("HOST:PORT");
    command.add_flag("--off", texts->off, "Go without the proxy; its settings stay")
        ->excludes("--server");
    command.add_option("--user", texts->user, "For its login; empty for none");
    command.add_option("--domain", texts->domain, "Of the user");
    CLI::Option* ask = command.add_flag("--ask-password", texts->ask_password,
                                        "Ask for the password on the terminal");
    command
        .add_flag("--password-stdin", texts->password_stdin,
                  "Read the password from standard input")
        ->excludes(ask);
    command.add_flag("--allow-basic,!--no-allow-basic", texts->allow_basic,
                     "Allow basic authentication: everybody on the way to the proxy can read the "
                     "password, it is sent in cleartext");
    command.add_option("--bypass", texts->bypass,
                       "What is reached without it: names, 10.*, *.corp.example, <local>; or none");
}

struct ScheduleTexts {
    std::string first_time;
    bool manual = false;
    unsigned per_day = 0;
    unsigned random_minutes = 0;
};

Result<> schedule(Session& session, const ScheduleTexts& texts, const CLI::App& command) {
    json::object body;
    if (texts.manual) {
        body["mode"] = "manual";
    }
    if (command.count("--daily") > 0) {
        body["mode"] = "daily";
        body["first_time"] = texts.first_time;
    }
    if (command.count("--times") > 0) {
        body["per_day"] = texts.per_day;
    }
    if (command.count("--random-minutes") > 0) {
        body["random_minutes"] = texts.random_minutes;
    }
    ApiRequest request{.path = "options/synchronization"};
    if (!body.empty()) {
        request.method = "PUT";
        request.body = json::object{{"schedule", std::move(body)}};
    }
    const auto answer = session.api.call(request);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (!session.print_json(at(*answer, "schedule"))) {
        session.output.out << schedule_text(at(*answer, "schedule")) << '\n';
    }
    return {};
}

void add_schedule(CLI::App& sync, Environment& environment, int& status) {
    auto texts = std::make_shared<ScheduleTexts>();
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command = add_command(
        sync, environment, status, "schedule", "Show or change when synchronizations start",
        "headwater sync schedule --daily 03:00 --times 4 --random-minutes 30\n"
        "When the upstream is away, a scheduled one is tried twice more, 15 minutes apart.",
        [texts, self](Session& session) { return schedule(session, *texts, **self); });
    *self = &command;
    command.add_option("--daily", texts->first_time, "The first time of a day, as 03:00")
        ->type_name("HH:MM");
    command.add_flag("--manual", texts->manual, "Only by hand")->excludes("--daily");
    command.add_option("--times", texts->per_day, "How often a day, evenly")
        ->check(CLI::Range(1, 24));
    command
        .add_option("--random-minutes", texts->random_minutes,
                    "Each start is put off by up to so many minutes")
        ->check(CLI::Range(0, 30));
}

void add_options(CLI::App& sync, Environment& environment, int& status) {
    auto texts = std::make_shared<OptionTexts>();
    auto self = std::make_shared<CLI::App*>(nullptr);
    CLI::App& command = add_command(
        sync, environment, status, "options", "Show or change what is synchronized, and from where",
        "headwater sync options --upstream http://wsus.corp.example:8530 --products 'Windows 11' "
        "--classifications 'Security Updates,Critical Updates' --languages en,de",
        [texts, self](Session& session) { return options(session, *texts, **self); });
    *self = &command;
    command.add_option("--upstream", texts->upstream, "Address of the upstream server")
        ->type_name("URL");
    command
        .add_flag("--microsoft-update", texts->microsoft,
                  "Synchronize from Microsoft Update itself")
        ->excludes("--upstream");
    command
        .add_option("--files-from", texts->content_from,
                    "Where files come from: upstream, or microsoft")
        ->check(CLI::IsMember({"upstream", "microsoft"}));
    command.add_option("--history-days", texts->history_days, "How long the history keeps a run")
        ->check(CLI::Range(1, 3650));
    command.add_option("--products", texts->products, "all, none, or names and ids between commas");
    command.add_option("--classifications", texts->classifications,
                       "all, none, or names and ids between commas");
    command.add_option("--languages", texts->languages,
                       "all, or languages between commas, as en,de");
    command.add_option("--parallel", texts->parallel, "Requests that are under way at once")
        ->check(CLI::Range(1, 16));
}

}  // namespace

void add_sync_options(CLI::App& sync, Environment& environment, int& status) {
    add_options(sync, environment, status);
    add_proxy(sync, environment, status);
    add_schedule(sync, environment, status);
}

}  // namespace headwater::cli
