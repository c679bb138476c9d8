#pragma once
// Writes one update document of the sample in the form of real ones. Pure but for the file maker's
// scratch space; one thread at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "catalog/document.hpp"
#include "catalog/sample_files.hpp"
#include "catalog/sample_texts.hpp"

namespace headwater::catalog::sample {

enum class Handler : std::uint8_t { kNone, kCategory, kCommandLine, kCbs, kDriver };

struct DraftClause {
    enum class Form : std::uint8_t {
        kBare,        ///< UpdateIdentity alone
        kAtLeastOne,  ///< AtLeastOne
        kCategory,    ///< AtLeastOne IsCategory="true"
    };
    Form form = Form::kBare;
    Guid target;
};

struct DraftFile {
    std::uint32_t index = 0;
    std::string name;
    bool express = false;
};

struct DraftEula {
    std::size_t language = kEnglish;
    DraftFile file;
};

/// A document before it is XML. Rules and handler_data are XML already, with the prefixes lar, bar
/// and that of the handler.
struct Draft {
    RevisionIdentity identity;
    UpdateType type = UpdateType::kSoftware;
    bool expired = false;
    Time created;
    Time modified;  ///< of its files
    Guid publisher;
    std::optional<bool> explicitly_deployable;
    bool auto_select = false;
    bool browse_only = false;
    bool os_upgrade = false;
    bool may_restart = false;
    std::string_view severity;
    std::string kb;
    std::string bulletin;
    std::string_view language;  ///< the one language that it is for; empty for all
    Wording wording;
    bool localized = false;   ///< all languages, or English alone
    bool with_links = false;  ///< MoreInfoUrl, SupportUrl and UninstallNotes too
    std::vector<DraftClause> prerequisites;
    std::vector<Guid> superseded;
    std::vector<BundleClause> bundled;
    std::string is_installed;
    std::string is_installable;
    std::string metadata;
    std::vector<DraftFile> files;
    std::optional<Guid> eula_id;
    std::vector<DraftEula> eulas;
    Handler handler = Handler::kNone;
    std::string handler_data;
};

[[nodiscard]] std::string write_document(const Draft& draft, FileMaker& files);

}  // namespace headwater::catalog::sample
