#pragma once
// Makes the documents of a unit. One thread at a time.

#include <cstdint>
#include <functional>
#include <vector>

#include "base/guid.hpp"
#include "catalog/sample_categories.hpp"
#include "catalog/sample_plan.hpp"
#include "catalog/sample_writer.hpp"

namespace headwater::catalog::sample {

class UnitBuilder {
public:
    UnitBuilder(std::uint64_t seed, const Categories& categories)
        : seed_(seed), categories_(categories) {}

    /// The documents, members before their bundles. Files are numbered from unit.first_file on.
    [[nodiscard]] std::vector<Draft> build(const Unit& unit);

private:
    Draft begin(std::uint32_t part) const;
    Draft bundle(std::uint32_t part) const;
    Draft leaf(std::uint32_t part, std::uint32_t place);
    void mark_deployable(Draft& draft) const;
    void add_packages(Draft& draft, const std::string& name);
    void add_eula(Draft& draft);
    void add_product(Draft& draft, DraftClause::Form form) const;
    [[nodiscard]] std::string installed_fact(std::uint32_t place) const;
    [[nodiscard]] std::string not_superseded() const;
    void build_cumulative();
    void build_bundle();
    void build_languages();
    void build_standalone();
    void build_driver();
    void add_driver_rules(Draft& draft) const;
    [[nodiscard]] RevisionIdentity identity(std::uint32_t part) const;

    std::uint64_t seed_;
    const Categories& categories_;
    const Unit* unit_ = nullptr;
    std::string kb_;
    std::uint32_t next_file_ = 0;
    std::vector<Draft> drafts_;
};

}  // namespace headwater::catalog::sample
