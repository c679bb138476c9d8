#include "catalog/revision.hpp"

#include <algorithm>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace headwater::catalog {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kExplicitlyDeployable = 1;
constexpr std::uint8_t kHasEula = 2;

class Packer {
public:
    template <std::integral T>
    void number(T value) {
        auto rest = static_cast<std::uint64_t>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes_.push_back(static_cast<std::uint8_t>(rest));
            rest >>= 8U;
        }
    }
    void raw(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        raw(as_bytes(text));
    }
    template <typename T, typename Each>
    void list(const std::vector<T>& items, Each each) {
        number(static_cast<std::uint32_t>(items.size()));
        for (const T& item : items) {
            each(item);
        }
    }
    void reserve(std::size_t size) { bytes_.reserve(size); }
    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

/// Takes values from the front of bytes that nobody vouches for; after the first that does not fit
/// all are empty.
class Unpacker {
public:
    explicit Unpacker(ByteView bytes) : rest_(bytes) {}

    template <std::integral T>
    T number() {
        const ByteView bytes = raw(sizeof(T));
        std::uint64_t value = 0;
        for (std::size_t i = bytes.size(); i > 0; --i) {
            value = value << 8U | bytes[i - 1];
        }
        return static_cast<T>(value);
    }
    template <typename E>
    E choice(E last) {
        const auto value = number<std::uint8_t>();
        if (value > static_cast<std::uint8_t>(last)) {
            ok_ = false;
            return E{};
        }
        return static_cast<E>(value);
    }
    bool flag() { return choice(std::uint8_t{1}) == 1; }
    ByteView raw(std::size_t size) {
        if (!ok_ || size > rest_.size()) {
            ok_ = false;
            return {};
        }
        const ByteView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }
    std::string text() { return std::string(as_text(raw(number<std::uint32_t>()))); }
    /// For Guid, Sha1 and the like, whose `bytes` are all of it.
    template <typename T>
    T plain() {
        T value;
        if (const ByteView bytes = raw(value.bytes.size()); !bytes.empty()) {
            std::ranges::copy(bytes, value.bytes.begin());
        }
        return value;
    }
    /// @param least  the fewest bytes of an item: a count that cannot be true is refused before
    ///               anything is allocated for it
    template <typename Each>
    auto list(std::size_t least, Each each) {
        std::vector<std::invoke_result_t<Each>> items;
        const std::size_t count = number<std::uint32_t>();
        if (count > rest_.size() / least) {
            ok_ = false;
            return items;
        }
        items.reserve(count);
        for (std::size_t i = 0; i < count && ok_; ++i) {
            items.push_back(each());
        }
        return items;
    }
    void expect(bool condition) { ok_ = ok_ && condition; }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return ok_ && rest_.empty(); }

private:
    ByteView rest_;
    bool ok_ = true;
};

void pack_identity(Packer& out, const RevisionIdentity& identity) {
    out.raw(identity.update_id.bytes);
    out.number(identity.revision_number);
}

RevisionIdentity unpack_identity(Unpacker& in) {
    RevisionIdentity identity;
    identity.update_id = in.plain<Guid>();
    identity.revision_number = in.number<std::uint32_t>();
    return identity;
}

void pack_relations(Packer& out, const Revision& revision) {
    const auto guid = [&out](const Guid& id) { out.raw(id.bytes); };
    out.list(revision.prerequisites, [&](const PrerequisiteClause& clause) {
        out.number(std::uint8_t{clause.is_category});
        out.list(clause.alternatives, guid);
    });
    out.list(revision.bundled, [&](const BundleClause& clause) {
        out.list(clause.alternatives,
                 [&](const RevisionIdentity& identity) { pack_identity(out, identity); });
    });
    out.list(revision.superseded, guid);
}

void unpack_relations(Unpacker& in, Revision& revision) {
    constexpr std::size_t kGuid = 16;
    constexpr std::size_t kCount = 4;
    const auto guid = [&in] { return in.plain<Guid>(); };
    revision.prerequisites = in.list(1 + kCount, [&] {
        PrerequisiteClause clause;
        clause.is_category = in.flag();
        clause.alternatives = in.list(kGuid, guid);
        return clause;
    });
    revision.bundled = in.list(kCount, [&] {
        return BundleClause{in.list(kGuid + 4, [&] { return unpack_identity(in); })};
    });
    revision.superseded = in.list(kGuid, guid);
}

RevisionFile unpack_file(Unpacker& in) {
    RevisionFile file;
    file.sha1 = in.plain<Sha1>();
    file.size = in.number<std::uint64_t>();
    file.extension = in.text();
    file.is_express = in.flag();
    return file;
}

}  // namespace

bool is_listed(const Revision& revision) {
    return revision.explicitly_deployable && revision.type == UpdateType::kSoftware;
}

Revision make_revision(const Document& document, std::string core) {
    Revision revision;
    revision.identity = document.identity;
    revision.type = document.type;
    revision.publication_state = document.publication_state;
    revision.category_type = document.category_type;
    revision.explicitly_deployable = document.explicitly_deployable;
    revision.has_eula = document.requires_eula_acceptance;
    if (const LocalizedText* text = document.text_in(document.default_language); text != nullptr) {
        revision.title = text->title;
    }
    revision.kb_article = document.kb_article;
    revision.msrc_severity = document.msrc_severity;
    revision.created = document.creation_date.value_or(Time{});
    revision.prerequisites = document.prerequisites;
    revision.bundled = document.bundled;
    revision.superseded = document.superseded;
    revision.files.reserve(document.files.size());
    for (const DocumentFile& file : document.files) {
        revision.files.push_back(
            {file.sha1, file.size, content_extension(file.name), file.patching_type == "Express"});
    }
    revision.languages = document.languages;
    revision.core = std::move(core);
    return revision;
}

Bytes pack_revision(const Revision& revision) {
    Packer out;
    out.reserve(256 + revision.title.size() + revision.core.size());
    out.number(kVersion);
    pack_identity(out, revision.identity);
    out.number(static_cast<std::uint8_t>(revision.type));
    out.number(static_cast<std::uint8_t>(revision.publication_state));
    out.number(static_cast<std::uint8_t>(revision.category_type));
    out.number(
        static_cast<std::uint8_t>((revision.explicitly_deployable ? kExplicitlyDeployable : 0) |
                                  (revision.has_eula ? kHasEula : 0)));
    out.text(revision.title);
    out.text(revision.kb_article);
    out.text(revision.msrc_severity);
    out.number(std::int64_t{revision.created.time_since_epoch().count()});
    pack_relations(out, revision);
    out.list(revision.files, [&out](const RevisionFile& file) {
        out.raw(file.sha1.bytes);
        out.number(file.size);
        out.text(file.extension);
        out.number(std::uint8_t{file.is_express});
    });
    out.list(revision.languages, [&out](const std::string& language) { out.text(language); });
    out.text(revision.core);
    return out.take();
}

Result<Revision> unpack_revision(ByteView bytes) {
    constexpr std::size_t kLeastFile = 20 + 8 + 4 + 1;
    Unpacker in(bytes);
    Revision revision;
    in.expect(in.number<std::uint8_t>() == kVersion);
    revision.identity = unpack_identity(in);
    revision.type = in.choice(UpdateType::kDetectoid);
    revision.publication_state = in.choice(PublicationState::kExpired);
    revision.category_type = in.choice(CategoryType::kUpdateClassification);
    const auto flags = in.choice(static_cast<std::uint8_t>(kExplicitlyDeployable | kHasEula));
    revision.explicitly_deployable = (flags & kExplicitlyDeployable) != 0;
    revision.has_eula = (flags & kHasEula) != 0;
    revision.title = in.text();
    revision.kb_article = in.text();
    revision.msrc_severity = in.text();
    revision.created = Time(Microseconds(in.number<std::int64_t>()));
    unpack_relations(in, revision);
    revision.files = in.list(kLeastFile, [&in] { return unpack_file(in); });
    revision.languages = in.list(4, [&in] { return in.text(); });
    revision.core = in.text();
    if (!in.at_end()) {
        return fail("catalog.record_corrupt", "What is kept ready of a revision is damaged.",
                    "Derive it again: `headwater catalog rebuild`.");
    }
    return revision;
}

}  // namespace headwater::catalog
