#include "admin/updates.hpp"

#include <algorithm>
#include <unordered_set>

#include "admin/names.hpp"
#include "admin/nouns.hpp"
#include "admin/update_content.hpp"
#include "admin/values.hpp"
#include "base/utf.hpp"

namespace headwater::admin {
namespace {

namespace json = boost::json;

using catalog::Index;
using catalog::kNone;
using catalog::Revision;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 10'000;
constexpr std::uint64_t kMaxOffset = 0xffffffffU;

std::optional<UpdateState> state_named(std::string_view name) {
    return name == "approved"     ? std::optional(UpdateState::kApproved)
           : name == "unapproved" ? std::optional(UpdateState::kUnapproved)
           : name == "declined"   ? std::optional(UpdateState::kDeclined)
           : name == "any"        ? std::optional(UpdateState::kAny)
                                  : std::nullopt;
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_part) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return !std::ranges::search(text, lower_part, {}, lower).empty() || lower_part.empty();
}

/// What a text in a search box means for one revision.
class Search {
public:
    explicit Search(std::string_view query)
        : lower_(to_lower_ascii(query)), guid_(Guid::parse(query)) {
        kb_ = lower_.starts_with("kb") ? lower_.substr(2) : lower_;
    }
    [[nodiscard]] bool finds(const Revision& revision) const {
        return guid_ ? revision.identity.update_id == *guid_
                     : contains_ignoring_case(revision.title, lower_) ||
                           (!kb_.empty() && revision.kb_article == kb_);
    }

private:
    std::string lower_;
    std::string kb_;
    std::optional<Guid> guid_;
};

/// The updates that administrators decided about, for quick looks.
struct Decided {
    explicit Decided(const policy::View& view) {
        for (const store::Approval& approval : view.decisions().approvals) {
            if (is_in_effect(approval)) {
                approved.insert(approval.update_id);
            }
        }
        for (const store::Decline& decline : view.decisions().declines) {
            declined.insert(decline.update_id);
        }
    }
    [[nodiscard]] bool passes(UpdateState state, const Guid& id) const {
        switch (state) {
            case UpdateState::kNotDeclined:
                return !declined.contains(id);
            case UpdateState::kApproved:
                return approved.contains(id) && !declined.contains(id);
            case UpdateState::kUnapproved:
                return !approved.contains(id) && !declined.contains(id);
            case UpdateState::kDeclined:
                return declined.contains(id);
            case UpdateState::kAny:
                break;
        }
        return true;
    }
    std::unordered_set<Guid> approved;
    std::unordered_set<Guid> declined;
};

/// The titles of the categories of this type that a revision belongs to.
std::vector<std::string> category_titles(const catalog::Snapshot& catalog, const Revision& revision,
                                         catalog::CategoryType type) {
    std::vector<std::string> titles;
    for (const catalog::PrerequisiteClause& clause : revision.prerequisites) {
        for (const Guid& id : clause.alternatives) {
            const Index index = catalog.newest(id);
            if (index != kNone && catalog.revision(index).category_type == type &&
                std::ranges::find(titles, catalog.revision(index).title) == titles.end()) {
                titles.push_back(catalog.revision(index).title);
            }
        }
    }
    return titles;
}

/// Only those whose files could not be had, where the query says so.
Result<> limit_to_failing(const policy::View& view, const FailingFiles& failing, const Query& query,
                          std::vector<Index>& found) {
    const auto content = query.text("content");
    if (!content) {
        return {};
    }
    if (*content != "failed") {
        return fail("request.query",
                    "There is no state '" + std::string(*content) + "' of updates' files.",
                    "There is failed.");
    }
    std::erase_if(found,
                  [&](Index index) { return failing.mark(view.catalog(), index).is_null(); });
    return {};
}

Result<Reply> list(const Services& services, const Call& call) {
    if (auto known = call.query.allow(
            {"query", "state", "product", "classification", "content", "offset", "limit"});
        !known) {
        return std::unexpected(known.error());
    }
    const auto view = services.publisher.view();
    const auto filter = read_update_filter(*view, call.query);
    if (!filter) {
        return std::unexpected(filter.error());
    }
    const auto offset = call.query.number("offset", 0, kMaxOffset);
    const auto limit = call.query.number("limit", kDefaultLimit, kMaxLimit);
    if (!offset || !limit) {
        return std::unexpected(offset ? limit.error() : offset.error());
    }
    const auto failing = FailingFiles::load(services.store);
    if (!failing) {
        return std::unexpected(failing.error());
    }
    std::vector<Index> found = filter_updates(*view, *filter);
    if (auto limited = limit_to_failing(*view, *failing, call.query, found); !limited) {
        return std::unexpected(limited.error());
    }
    json::array rows;
    for (std::size_t i = *offset; i < found.size() && rows.size() < *limit; ++i) {
        json::object row = update_row(*view, found[i]);
        row["content"] = failing->mark(view->catalog(), found[i]);
        rows.push_back(std::move(row));
    }
    return Reply{
        json::object{{"total", found.size()}, {"offset", *offset}, {"updates", std::move(rows)}}};
}

}  // namespace

bool is_in_effect(const store::Approval& approval) {
    return approval.action != store::ApprovalAction::kNotApproved;
}

Result<UpdateFilter> read_update_filter(const policy::View& view, const Query& query) {
    UpdateFilter filter;
    filter.query = std::string(query.text("query").value_or(""));
    if (const auto name = query.text("state")) {
        const auto state = state_named(*name);
        if (!state) {
            return fail("request.query",
                        "There is no state '" + std::string(*name) + "' of updates.",
                        "There are approved, unapproved, declined and any.");
        }
        filter.state = *state;
    }
    const auto read = [&](std::string_view parameter, CategoryKind kind,
                          std::optional<Guid>& into) -> Result<> {
        if (const auto name = query.text(parameter)) {
            const auto id = find_category(view, kind, *name);
            if (!id) {
                return std::unexpected(id.error());
            }
            into = *id;
        }
        return {};
    };
    if (auto product = read("product", CategoryKind::kProduct, filter.product); !product) {
        return std::unexpected(product.error());
    }
    if (auto classification =
            read("classification", CategoryKind::kClassification, filter.classification);
        !classification) {
        return std::unexpected(classification.error());
    }
    return filter;
}

std::vector<Index> filter_updates(const policy::View& view, const UpdateFilter& filter) {
    const catalog::Snapshot& catalog = view.catalog();
    Roaring candidates = listed_updates(catalog);
    if (filter.product) {
        candidates &= members(catalog, with_descendants(catalog, *filter.product));
    }
    if (filter.classification) {
        candidates &= members(catalog, with_descendants(catalog, *filter.classification));
    }
    const Decided decided(view);
    const Search search(filter.query);
    std::vector<Index> found;
    for (const Index index : candidates) {
        const Revision& revision = catalog.revision(index);
        if (decided.passes(filter.state, revision.identity.update_id) && search.finds(revision)) {
            found.push_back(index);
        }
    }
    std::ranges::sort(found, [&catalog](Index left, Index right) {
        const Revision& a = catalog.revision(left);
        const Revision& b = catalog.revision(right);
        return std::tie(b.created, a.title, a.identity) < std::tie(a.created, b.title, b.identity);
    });
    return found;
}

json::object update_row(const policy::View& view, Index index) {
    const catalog::Snapshot& catalog = view.catalog();
    const Revision& revision = catalog.revision(index);
    const Guid& id = revision.identity.update_id;
    const auto classifications =
        category_titles(catalog, revision, catalog::CategoryType::kUpdateClassification);
    json::array products;
    for (const std::string& title :
         category_titles(catalog, revision, catalog::CategoryType::kProduct)) {
        products.push_back(json_text(title));
    }
    json::array approvals;
    for (const store::Approval& approval : view.approvals_of(id)) {
        if (is_in_effect(approval)) {
            approvals.push_back(to_json(approval, view));
        }
    }
    return {{"id", to_json(id)},
            {"revision", revision.identity.revision_number},
            {"title", json_text(revision.title)},
            {"kb", json_text(revision.kb_article)},
            {"severity", json_text(revision.msrc_severity)},
            {"created", to_json(revision.created)},
            {"classification",
             classifications.empty() ? json::value(nullptr) : json_text(classifications.front())},
            {"products", std::move(products)},
            {"superseded", catalog.is_superseded(catalog.at(index).update)},
            {"expired", revision.publication_state == catalog::PublicationState::kExpired},
            {"approvals", std::move(approvals)},
            {"declined", view.is_declined(id)}};
}

void add_updates(Dispatch& dispatch, Services& services) {
    dispatch.add("GET", "updates", [&services](const Call& call) { return list(services, call); });
}

}  // namespace headwater::admin
