#include "catalog/sample_categories.hpp"

#include "catalog/sample_random.hpp"
#include "catalog/sample_rules.hpp"

namespace headwater::catalog::sample {
namespace {

struct Published {
    Guid id;
    std::string_view title;
};

/// As WSUS publishes them, in the order of Classification.
constexpr std::array<Published, 12> kClassifications = {{
    {"e6cf1350-c01b-414d-a61f-263d14d133b4"_guid, "Critical Updates"},
    {"e0789628-ce08-4437-be74-2495b842f43b"_guid, "Definition Updates"},
    {"ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0"_guid, "Drivers"},
    {"77835c8d-62a7-41f5-82ad-f28d1af1e3b1"_guid, "Driver Sets"},
    {"b54e7d24-7add-428f-8b75-90a396fa584f"_guid, "Feature Packs"},
    {"0fa1201d-4330-4fa8-8ae9-b877473b6441"_guid, "Security Updates"},
    {"68c5b0a3-d1a6-4553-ae49-01d3a7827828"_guid, "Service Packs"},
    {"b4832bd8-e735-4761-8daf-37f882276dab"_guid, "Tools"},
    {"28bc880e-0592-4cbf-8f95-c79b17911d5f"_guid, "Update Rollups"},
    {"cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83"_guid, "Updates"},
    {"3689bdc8-b205-4af4-8d4d-a63924c5e9d5"_guid, "Upgrades"},
    {"5c9376ab-8ce6-464a-b136-22113dd69801"_guid, "Applications"},
}};

constexpr std::array<std::string_view, 7> kSuiteParts = {"Writer", "Planner", "Ledger", "Viewer",
                                                         "Player", "Archive", "Gateway"};
constexpr std::string_view kProductsKey = R"(SOFTWARE\Headwater\Sample\Products)";
constexpr std::uint32_t kClient = 1;
constexpr std::uint32_t kServer = 3;
constexpr std::uint32_t kProgramFiles = 38;
/// Revisions of the catalog for each category beyond the fixed ones.
constexpr std::uint32_t kUpdatesPerFurther = 200;

std::string product_key(std::string_view name) {
    return std::string(kProductsKey) + '\\' + std::string(name);
}

std::string category_data(std::string_view type, bool updates, bool subcategories) {
    std::string data = "<cat:CategoryInformation CategoryType=\"";
    data += type;
    data += subcategories ? "\" ProhibitsSubcategories=\"false\""
                          : "\" ProhibitsSubcategories=\"true\"";
    data += updates ? " ProhibitsUpdates=\"false\"" : " ProhibitsUpdates=\"true\"";
    return data += " />";
}

Draft draft_of(const Guid& id, std::string_view title, std::string_view rule) {
    Draft draft;
    draft.identity = {id, 100};
    draft.explicitly_deployable = false;
    draft.wording.subject = title;
    draft.is_installed = rule;
    return draft;
}

Draft category(const Categories::Named& named, std::string_view type, bool updates) {
    Draft draft = draft_of(named.id, named.title, named.rule);
    draft.type = UpdateType::kCategory;
    for (const Guid& target : named.needs) {
        draft.prerequisites.push_back({DraftClause::Form::kCategory, target});
    }
    draft.handler = Handler::kCategory;
    draft.handler_data = category_data(type, updates, !updates);
    return draft;
}

}  // namespace

Guid classification_id(Classification classification) {
    return kClassifications[static_cast<std::size_t>(classification)].id;
}

Categories::Categories(std::uint64_t seed, std::uint32_t updates) : seed_(seed) {
    add_fixed();
    for (std::uint32_t i = 0; i < updates / kUpdatesPerFurther; ++i) {
        add_further(i);
    }
}

Guid Categories::next_id() {
    return make_guid(seed_, Domain::kCategory, made_++);
}

void Categories::add_product(std::size_t family, std::string title, std::string rule) {
    products_.push_back({next_id(), std::move(title), {families_[family].id}, std::move(rule)});
}

void Categories::add_fixed() {
    for (const std::string_view title : {"Sample Company", "Brookside Systems"}) {
        companies_.push_back({next_id(), std::string(title), {}, rules::always()});
    }
    for (const std::string_view title :
         {"Sample Windows 11", "Sample Windows 10", "Sample Windows Server", "Sample Defender",
          "Sample Office"}) {
        families_.push_back({next_id(), std::string(title), {companies_[0].id}, rules::always()});
    }
    families_.push_back({next_id(), "Brookside Tools", {companies_[1].id}, rules::always()});
    add_fixed_products();
    add_fixed_detectoids();
}

void Categories::add_fixed_products() {
    add_product(0, "Sample Windows 11", rules::windows(22000, 0, kClient));
    add_product(0, "Sample Windows 11, version 24H2", rules::windows(26100, 26200, kClient));
    add_product(0, "Sample Windows 11, version 25H2", rules::windows(26200, 0, kClient));
    add_product(0, "Sample Windows 11 Drivers", rules::windows(22000, 0, kClient));
    add_product(1, "Sample Windows 10, version 22H2", rules::windows(19045, 22000, kClient));
    add_product(1, "Sample Windows 10 Drivers", rules::windows(10240, 22000, kClient));
    add_product(2, "Sample Windows Server 2022", rules::windows(20348, 26100, kServer));
    add_product(2, "Sample Windows Server 2025", rules::windows(26100, 0, kServer));
    add_product(3, "Sample Defender Antivirus", rules::key_exists(product_key("Defender")));
    add_product(4, "Sample Office 2024",
                rules::text_value(product_key("Office"), "Version", "16.0"));
    add_product(5, "Brookside Draw & Paint",
                rules::file_version(kProgramFiles, R"(Brookside\draw.exe)", "4.0.0.0"));
    add_product(5, "Brookside Mail", rules::file_exists(kProgramFiles, R"(Brookside\mail.exe)"));
}

void Categories::add_fixed_detectoids() {
    const Guid x64 = next_id();
    const Guid arm64 = next_id();
    detectoids_.push_back({x64, "Windows x64", {}, rules::processor(9)});
    detectoids_.push_back({arm64, "Windows arm64", {}, rules::processor(12)});
    detectoids_.push_back(
        {next_id(), "Sample Windows 11 on x64", {x64}, rules::windows(22000, 0, 0)});
    detectoids_.push_back(
        {next_id(), "Sample Windows 11 on arm64", {arm64}, rules::windows(22000, 0, 0)});
    detectoids_.push_back({next_id(), "Windows client", {}, rules::windows(10240, 0, kClient)});
    add_language(kEnglish);
    add_language(3);
    add_language(8);
}

void Categories::add_language(std::size_t language) {
    const std::string_view code = language_code(language);
    const Guid id = next_id();
    detectoids_.push_back(
        {id, "Windows language " + std::string(code), {}, rules::windows_language(code)});
    languages_.push_back({language, code, id});
}

/// Ten at a time: a family, six products of it, a component, and two languages while there are
/// more.
void Categories::add_further(std::uint32_t number) {
    const std::uint32_t place = number % 10;
    const std::string suite = "Brookside Suite " + std::to_string(number / 10 + 1);
    if (place == 0) {
        families_.push_back({next_id(), suite, {companies_[1].id}, rules::always()});
    } else if (place <= 6) {
        std::string title = suite + ' ' + std::string(kSuiteParts[(number / 10 + place) % 7]);
        std::string rule = rules::key_exists(product_key(title));
        add_product(families_.size() - 1, std::move(title), std::move(rule));
    } else if (const std::size_t language = languages_.size() - 3;
               place != 7 && language < kLanguageCount - 3) {
        // The fixed ones (3, 5 and 8) are passed over.
        add_language(language + (language >= 3) + (language >= 4) + (language >= 6));
    } else {
        const std::string component = std::to_string(number);
        detectoids_.push_back(
            {next_id(),
             "Brookside Component " + component,
             {detectoids_[detectoid::kX64].id},
             rules::value_exists(R"(SOFTWARE\Headwater\Sample\Components)", component)});
    }
}

std::vector<Draft> Categories::drafts() const {
    std::vector<Draft> drafts;
    for (const Published& published : kClassifications) {
        drafts.push_back(category({published.id, std::string(published.title), {}, rules::always()},
                                  "UpdateClassification", true));
    }
    for (const Named& company : companies_) {
        drafts.push_back(category(company, "Company", false));
    }
    for (const Named& family : families_) {
        drafts.push_back(category(family, "ProductFamily", false));
    }
    for (const Named& each : products_) {
        drafts.push_back(category(each, "Product", true));
    }
    for (const Named& each : detectoids_) {
        Draft draft = draft_of(each.id, each.title, each.rule);
        draft.type = UpdateType::kDetectoid;
        for (const Guid& target : each.needs) {
            draft.prerequisites.push_back({DraftClause::Form::kBare, target});
        }
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace headwater::catalog::sample
