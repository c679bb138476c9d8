#include <mutex>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/options.hpp"
#include "admin/times_of_day.hpp"
#include "admin/values.hpp"
#include "catalog/languages.hpp"
#include "diagnosis/events.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxParallelRequests = 16;

Result<Reply> show(const Services& services) {
    const auto options = policy::load_sync_options(services.store);
    if (!options) {
        return std::unexpected(options.error());
    }
    return Reply{to_json(*options)};
}

Result<> read_languages(Fields& fields, policy::SyncOptions& options) {
    if (!fields.has("languages")) {
        return {};
    }
    options.languages = fields.texts("languages");
    for (const std::string& language : options.languages) {
        const catalog::Language* known = catalog::find_language(language);
        if (known == nullptr || known->id == 0) {
            return fail("options.invalid",
                        "'" + language + "' is no language that update servers know.",
                        "Give languages as en, de or pt-br; none for all of them.");
        }
    }
    return {};
}

constexpr unsigned kMaxPort = 65535;

void read_endpoint(Fields& fields, policy::Endpoint& endpoint) {
    endpoint.host = fields.optional_text("server").value_or(endpoint.host);
    endpoint.port = static_cast<std::uint16_t>(fields.number("port", endpoint.port, kMaxPort));
}

/// Fields that are absent keep their values, the password among them.
Result<> read_proxy(Fields& fields, policy::ProxyOptions& proxy, const SecretBox& secrets) {
    proxy.enabled = fields.flag("enabled", proxy.enabled);
    read_endpoint(fields, proxy.server);
    proxy.user = fields.optional_text("user").value_or(proxy.user);
    proxy.domain = fields.optional_text("domain").value_or(proxy.domain);
    if (const auto password = fields.optional_text("password")) {
        proxy.sealed_password = password->empty() ? std::string{} : secrets.seal(*password);
    }
    // What a client read may be written back as it is.
    static_cast<void>(fields.flag("has_password", false));
    proxy.allow_basic = fields.flag("allow_basic", proxy.allow_basic);
    if (fields.is_null("tls")) {
        proxy.tls.reset();
    } else if (auto tls = fields.object("tls")) {
        policy::Endpoint endpoint = proxy.tls.value_or(proxy.server);
        read_endpoint(*tls, endpoint);
        if (auto read = tls->finish(); !read) {
            return read;
        }
        proxy.tls = endpoint;
    }
    if (fields.has("bypass")) {
        proxy.bypass = fields.texts("bypass");
    }
    return fields.finish();
}

Result<> read_schedule(Fields& fields, policy::ScheduleOptions& schedule) {
    const auto mode = fields.optional_text("mode");
    const auto first = fields.optional_text("first_time");
    const auto minute = first ? minute_of_day(*first) : schedule.first_minute;
    schedule.per_day = static_cast<unsigned>(fields.number("per_day", schedule.per_day, 24));
    schedule.random_minutes =
        static_cast<unsigned>(fields.number("random_minutes", schedule.random_minutes, 30));
    if (auto read = fields.finish(); !read) {
        return read;
    }
    if (mode && *mode != "manual" && *mode != "daily") {
        return fail("options.invalid", "There is no schedule '" + *mode + "'.",
                    "There are manual and daily.");
    }
    if (!minute) {
        return fail("options.invalid", "'" + *first + "' is no time of a day.",
                    "Give hours and minutes, as 03:00 or 22:30.");
    }
    schedule.automatic = mode ? *mode == "daily" : schedule.automatic;
    schedule.first_minute = *minute;
    return {};
}

/// One of two words, or what it was.
template <typename Choice>
Result<Choice> read_word(Fields& fields, std::string_view name, Choice otherwise,
                         std::pair<std::string_view, Choice> one,
                         std::pair<std::string_view, Choice> other) {
    const auto word = fields.optional_text(name);
    if (!word) {
        return otherwise;
    }
    for (const auto& [text, choice] : {one, other}) {
        if (*word == text) {
            return choice;
        }
    }
    return fail("options.invalid", "'" + *word + "' is no " + std::string(name) + ".",
                "There are " + std::string(one.first) + " and " + std::string(other.first) + ".");
}

Result<> read_source(Fields& fields, policy::SyncOptions& options) {
    const auto source = read_word(fields, "source", options.source,
                                  std::pair{std::string_view("server"), policy::Source::kServer},
                                  {"microsoft", policy::Source::kMicrosoft});
    const auto content =
        read_word(fields, "content_from", options.content_from,
                  std::pair{std::string_view("upstream"), policy::ContentSource::kUpstream},
                  {"microsoft", policy::ContentSource::kMicrosoft});
    if (!source || !content) {
        return std::unexpected(source ? content.error() : source.error());
    }
    if (fields.flag("replica", false)) {
        return fail("options.missing", "Replicas are not there yet in this version.",
                    "Synchronize as an autonomous server: groups and approvals are this server's "
                    "own.");
    }
    options.source = *source;
    options.content_from = *content;
    return {};
}

/// Fields that are absent keep their values.
Result<policy::SyncOptions> changed(policy::SyncOptions options, Fields& fields,
                                    const policy::View& view, const SecretBox& secrets) {
    if (auto read = read_source(fields, options); !read) {
        return std::unexpected(read.error());
    }
    options.history_days =
        static_cast<unsigned>(fields.number("history_days", options.history_days, 3650));
    if (auto proxy = fields.object("proxy")) {
        if (auto read = read_proxy(*proxy, options.proxy, secrets); !read) {
            return std::unexpected(read.error());
        }
    }
    if (auto schedule = fields.object("schedule")) {
        if (auto read = read_schedule(*schedule, options.schedule); !read) {
            return std::unexpected(read.error());
        }
    }
    options.upstream = fields.optional_text("upstream").value_or(options.upstream);
    options.parallel_requests = static_cast<unsigned>(
        fields.number("parallel_requests", options.parallel_requests, kMaxParallelRequests));
    auto products = fields.object("products");
    auto classifications = fields.object("classifications");
    if (auto languages = read_languages(fields, options); !languages) {
        return std::unexpected(languages.error());
    }
    if (auto read = fields.finish(); !read) {
        return std::unexpected(read.error());
    }
    if (products) {
        auto choice = read_choice(view, CategoryKind::kProduct, *products);
        if (!choice) {
            return std::unexpected(choice.error());
        }
        options.products = std::move(*choice);
    }
    if (classifications) {
        auto choice = read_choice(view, CategoryKind::kClassification, *classifications);
        if (!choice) {
            return std::unexpected(choice.error());
        }
        options.classifications = std::move(*choice);
    }
    return options;
}

Result<Reply> change(Services& services, const Call& call) {
    const auto before = policy::load_sync_options(services.store);
    if (!before) {
        return std::unexpected(before.error());
    }
    const auto options = read_sync_options(services, call);
    if (!options) {
        return std::unexpected(options.error());
    }
    if (auto saved = policy::save_sync_options(services.store, *options); !saved) {
        return std::unexpected(saved.error());
    }
    services.scheduler.options_changed();
    // The languages decide about files, too.
    if (before->languages != options->languages) {
        if (auto published = services.publisher.refresh(); !published) {
            return std::unexpected(published.error());
        }
    }
    json::object shown = to_json(*options);
    diagnosis::tell_option_changed(services.journal, "The options of synchronization",
                                   call.caller.name, to_json(*before), shown);
    return Reply{std::move(shown)};
}

}  // namespace

Result<policy::SyncOptions> read_sync_options(const Services& services, const Call& call) {
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    auto before = policy::load_sync_options(services.store);
    if (!before) {
        return std::unexpected(before.error());
    }
    return changed(std::move(*before), *fields, *services.publisher.view(), services.secrets);
}

void add_options(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "options/synchronization",
                 [&services](const Call&) { return show(services); });
    // Two administrators who change different fields at once keep both changes.
    auto changing = std::make_shared<std::mutex>();
    dispatch.add("PUT", "options/synchronization", [&services, changing](const Call& call) {
        const std::scoped_lock lock(*changing);
        return change(services, call);
    });
}

}  // namespace headwater::admin
