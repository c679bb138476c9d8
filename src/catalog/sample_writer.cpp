#include "catalog/sample_writer.hpp"

#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "base/xml.hpp"

namespace headwater::catalog::sample {
namespace {

struct HandlerNames {
    std::string_view prefix;
    std::string_view space;
    std::string_view type;
};

constexpr std::array<HandlerNames, 5> kHandlers = {{
    {},
    {"cat", "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category", "cat:Category"},
    {"cmd", "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation",
     "cmd:CommandLineInstallation"},
    {"cbs", "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Cbs", "cbs:Cbs"},
    {"drv", "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver",
     "drv:WindowsDriver"},
}};

constexpr std::array<std::string_view, 4> kTypes = {"Software", "Driver", "Category", "Detectoid"};

/// One document while it is written. The files come first, since Properties holds their size.
class DocumentWriter {
public:
    DocumentWriter(const Draft& draft, FileMaker& files)
        : draft_(draft),
          files_(files),
          handler_(kHandlers[static_cast<std::size_t>(draft.handler)]) {}

    std::string write() {
        describe_files();
        root();
        properties();
        texts();
        relationships();
        rules();
        raw(files_xml_);
        handler_data();
        raw("</upd:Update>");
        return std::move(out_);
    }

private:
    void raw(std::string_view text) { out_ += text; }
    void attribute(std::string_view name, std::string_view value) {
        raw(" ");
        raw(name);
        raw("=\"");
        xml::append_attribute(out_, value);
        raw("\"");
    }
    void element(std::string_view name, std::string_view text) {
        raw("<upd:");
        raw(name);
        raw(">");
        xml::append_text(out_, text);
        raw("</upd:");
        raw(name);
        raw(">");
    }
    void declare(std::string_view prefix, std::string_view space) {
        raw(" xmlns:");
        raw(prefix);
        raw("=\"");
        raw(space);
        raw("\"");
    }

    void describe_files() {
        if (!draft_.files.empty()) {
            raw("<upd:Files>");
            for (const DraftFile& each : draft_.files) {
                file(each);
            }
            raw("</upd:Files>");
        }
        if (!draft_.eulas.empty()) {
            raw("<upd:EulaFiles>");
            for (const DraftEula& eula : draft_.eulas) {
                raw("<upd:EulaFile>");
                element("Language", language_code(eula.language));
                file(eula.file);
                raw("</upd:EulaFile>");
            }
            raw("</upd:EulaFiles>");
        }
        files_xml_ = std::exchange(out_, {});
        out_.reserve(files_xml_.size() + (draft_.localized ? 16384U : 4096U));
    }

    void file(const DraftFile& file) {
        const FileMaker::Description made = files_.describe(file.index);
        download_size_ += made.size;
        raw("<upd:File");
        attribute("Digest", to_base64(made.sha1.bytes));
        attribute("DigestAlgorithm", "SHA1");
        attribute("FileName", file.name);
        attribute("Size", std::to_string(made.size));
        attribute("Modified", to_xml_time(draft_.modified));
        if (file.express) {
            attribute("PatchingType", "Express");
        }
        raw("><upd:AdditionalDigest Algorithm=\"SHA256\">");
        raw(to_base64(made.sha256.bytes));
        raw("</upd:AdditionalDigest></upd:File>");
    }

    void root() {
        raw("<upd:Update");
        declare("pub", "http://schemas.microsoft.com/msus/2002/12/Publishing");
        if (rules_use("<lar:")) {
            declare("lar", "http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules");
        }
        if (rules_use("<bar:")) {
            declare("bar", "http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules");
        }
        if (draft_.handler != Handler::kNone) {
            declare(handler_.prefix, handler_.space);
        }
        declare("upd", "http://schemas.microsoft.com/msus/2002/12/Update");
        raw(">");
        identity(draft_.identity.update_id, draft_.identity.revision_number);
    }
    [[nodiscard]] bool rules_use(std::string_view start) const {
        return draft_.is_installed.find(start) != std::string::npos ||
               draft_.is_installable.find(start) != std::string::npos;
    }
    void identity(const Guid& id, std::uint32_t revision) {
        raw("<upd:UpdateIdentity UpdateID=\"");
        raw(id.text());
        if (revision != 0) {
            raw("\" RevisionNumber=\"");
            raw(std::to_string(revision));
        }
        raw("\" />");
    }

    void properties() {
        raw("<upd:Properties");
        attribute("UpdateType", kTypes[static_cast<std::size_t>(draft_.type)]);
        attribute("DefaultPropertiesLanguage", "en");
        if (draft_.explicitly_deployable) {
            attribute("ExplicitlyDeployable", *draft_.explicitly_deployable ? "true" : "false");
        }
        if (draft_.auto_select) {
            attribute("AutoSelectOnWebSites", "true");
        }
        if (draft_.os_upgrade) {
            attribute("OSUpgrade", "swap");
        }
        if (draft_.browse_only) {
            attribute("BrowseOnly", "true");
        }
        if (draft_.eula_id) {
            attribute("EulaID", draft_.eula_id->text());
        }
        if (!draft_.severity.empty()) {
            attribute("MsrcSeverity", draft_.severity);
        }
        if (draft_.handler != Handler::kNone) {
            attribute("Handler", handler_.space);
        }
        if (!draft_.files.empty()) {
            attribute("MaxDownloadSize", std::to_string(download_size_));
            attribute("MinDownloadSize", "0");
        }
        attribute("PublicationState", draft_.expired ? "Expired" : "Published");
        attribute("CreationDate", to_xml_time(draft_.created));
        attribute("PublisherID", draft_.publisher.text());
        raw(">");
        property_elements();
        raw("</upd:Properties>");
    }
    void property_elements() {
        if (!draft_.language.empty()) {
            element("Language", draft_.language);
        }
        if (!draft_.files.empty()) {
            raw(draft_.may_restart
                    ? "<upd:InstallationBehavior RebootBehavior=\"CanRequestReboot\" />"
                    : "<upd:InstallationBehavior Impact=\"Minor\" />");
        }
        if (!draft_.bulletin.empty()) {
            element("SecurityBulletinID", draft_.bulletin);
        }
        if (!draft_.kb.empty()) {
            element("KBArticleID", draft_.kb);
        }
    }

    void texts() {
        raw("<upd:LocalizedPropertiesCollection>");
        for (std::size_t language = 0; language < kLanguageCount; ++language) {
            if (draft_.localized || language == kEnglish) {
                text(language);
            }
        }
        raw("</upd:LocalizedPropertiesCollection>");
    }
    void text(std::size_t language) {
        raw("<upd:LocalizedProperties>");
        element("Language", language_code(language));
        element("Title", title_in(language, draft_.wording));
        element("Description", description_in(language, draft_.wording));
        if (draft_.with_links) {
            element("UninstallNotes", uninstall_notes_in(language));
            element("MoreInfoUrl", "https://support.example.com/kb/" + draft_.kb);
            element("SupportUrl", "https://support.example.com");
        }
        raw("</upd:LocalizedProperties>");
    }

    void relationships() {
        if (draft_.prerequisites.empty() && draft_.superseded.empty() && draft_.bundled.empty()) {
            return;
        }
        raw("<upd:Relationships>");
        prerequisites();
        if (!draft_.superseded.empty()) {
            raw("<upd:SupersededUpdates>");
            for (const Guid& id : draft_.superseded) {
                identity(id, 0);
            }
            raw("</upd:SupersededUpdates>");
        }
        if (!draft_.bundled.empty()) {
            raw("<upd:BundledUpdates>");
            for (const BundleClause& clause : draft_.bundled) {
                raw("<upd:AtLeastOne>");
                for (const RevisionIdentity& member : clause.alternatives) {
                    identity(member.update_id, member.revision_number);
                }
                raw("</upd:AtLeastOne>");
            }
            raw("</upd:BundledUpdates>");
        }
        raw("</upd:Relationships>");
    }
    void prerequisites() {
        if (draft_.prerequisites.empty()) {
            return;
        }
        raw("<upd:Prerequisites>");
        for (const DraftClause& clause : draft_.prerequisites) {
            if (clause.form == DraftClause::Form::kBare) {
                identity(clause.target, 0);
                continue;
            }
            raw(clause.form == DraftClause::Form::kCategory ? "<upd:AtLeastOne IsCategory=\"true\">"
                                                            : "<upd:AtLeastOne>");
            identity(clause.target, 0);
            raw("</upd:AtLeastOne>");
        }
        raw("</upd:Prerequisites>");
    }

    void rules() {
        if (draft_.is_installed.empty()) {
            return;
        }
        raw("<upd:ApplicabilityRules><upd:IsInstalled>");
        raw(draft_.is_installed);
        raw("</upd:IsInstalled>");
        if (!draft_.is_installable.empty()) {
            raw("<upd:IsInstallable>");
            raw(draft_.is_installable);
            raw("</upd:IsInstallable>");
        }
        if (!draft_.metadata.empty()) {
            raw("<upd:Metadata>");
            raw(draft_.metadata);
            raw("</upd:Metadata>");
        }
        raw("</upd:ApplicabilityRules>");
    }

    void handler_data() {
        if (draft_.handler == Handler::kNone) {
            return;
        }
        raw("<upd:HandlerSpecificData");
        attribute("xsi:type", handler_.type);
        declare("xsi", "http://www.w3.org/2001/XMLSchema-instance");
        raw(">");
        raw(draft_.handler_data);
        raw("</upd:HandlerSpecificData>");
    }

    const Draft& draft_;
    FileMaker& files_;
    const HandlerNames& handler_;
    std::string out_;
    std::string files_xml_;
    std::uint64_t download_size_ = 0;
};

}  // namespace

std::string write_document(const Draft& draft, FileMaker& files) {
    return DocumentWriter(draft, files).write();
}

}  // namespace headwater::catalog::sample
