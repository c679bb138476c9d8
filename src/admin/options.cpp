#include <mutex>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/values.hpp"
#include "catalog/languages.hpp"

namespace headwater::admin {
namespace {

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

/// Fields that are absent keep their values.
Result<policy::SyncOptions> changed(policy::SyncOptions options, Fields& fields,
                                    const policy::View& view) {
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
    auto fields = Fields::parse(call.request.body);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    auto before = policy::load_sync_options(services.store);
    if (!before) {
        return std::unexpected(before.error());
    }
    const auto options = changed(std::move(*before), *fields, *services.publisher.view());
    if (!options) {
        return std::unexpected(options.error());
    }
    if (auto saved = policy::save_sync_options(services.store, *options); !saved) {
        return std::unexpected(saved.error());
    }
    return Reply{to_json(*options)};
}

}  // namespace

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
