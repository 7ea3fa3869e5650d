// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog/detail/diff_base.hpp>

namespace sark::catalog::detail {

/// Compares constraints, indexes, triggers and policies of relations that are there.
class diff_parts {
public:
    explicit diff_parts(diff_base& base) : base_{base} {}

    void constraints(relation const& want, relation const& live) {
        auto const judged = [&](constraint const& c) { return !base_.hangs_on_touched(want.name, c); };
        auto const same = [&](constraint const& a, constraint const& b) {
            return a.kind == b.kind && base_.same(a.definition, b.definition);
        };
        std::set<std::string> renamed;
        for (constraint const& c : want.constraints) {
            if (!judged(c)) continue;
            std::string const subject = want.name + '.' + c.name;
            constraint const* const there = find(live.constraints, c.name);
            if (there == nullptr) {
                if (auto const* other = unnamed(want.constraints, live.constraints, c, same)) {
                    renamed.insert(other->name);
                    base_.add("constraint-renamed", subject, sentence(c, want) + " is called " + other->name + ".", {},
                              {alter_table(want.name) + "RENAME CONSTRAINT " + quoted_name(other->name) + " TO " +
                               quoted_name(c.name)});
                    continue;
                }
                base_.add("constraint-missing", subject, sentence(c, want) + " is missing.",
                          "expected: " + c.definition, with_references(want, c, {add_constraint(want.name, c)}));
            } else if (!same(c, *there)) {
                statements repair = references_to(want.name, *there);
                repair.push_back(alter_table(want.name) + "DROP CONSTRAINT " + quoted_name(c.name) + ", ADD " +
                                 constraint_text(c));
                append(repair, again(want.name, *there));
                base_.add("constraint-changed", subject, sentence(c, want) + " is another one.",
                          diff_base::both(c.definition, there->definition), repair);
            } else if (c.valid && !there->valid) {
                base_.add("constraint-not-valid", subject, sentence(c, want) + " is not validated.", {},
                          {alter_table(want.name) + "VALIDATE CONSTRAINT " + quoted_name(c.name)});
            }
        }
        for (constraint const& c : live.constraints) {
            if (find(want.constraints, c.name) != nullptr || renamed.contains(c.name) || !judged(c)) continue;
            statements repair{drop_constraint(want.name, c)};
            // A key made of an index takes the index with it.
            if (index const* const i = find(want.indexes, c.name)) repair.push_back(create_index(*i));
            base_.add("constraint-unexpected", want.name + '.' + c.name, sentence(c, want) + " is not in the schema.",
                      "found: " + c.definition, repair);
        }
    }

    void indexes(relation const& want, relation const& live) {
        auto const same = [&](index const& a, index const& b) {
            return a.unique == b.unique && base_.same(a.shape, b.shape) && a.of_constraint == b.of_constraint;
        };
        std::set<std::string> renamed;
        for (index const& i : want.indexes) {
            if (i.of_constraint || base_.any_touched(want.name, i.columns)) continue;
            std::string const subject = want.name + '.' + i.name;
            std::string const name = "Index " + i.name + " of " + want.name;
            index const* const there = find(live.indexes, i.name);
            if (there == nullptr) {
                if (auto const* other = unnamed(want.indexes, live.indexes, i, same)) {
                    renamed.insert(other->name);
                    base_.add("index-renamed", subject, name + " is called " + other->name + ".", {},
                              {"ALTER INDEX " + quoted_name(other->name) + " RENAME TO " + quoted_name(i.name)});
                    continue;
                }
                base_.add(i.unique ? "unique-index-missing" : "index-missing", subject, name + " is missing.",
                          "expected: " + create_index(i), {create_index(i)});
            } else if (there->of_constraint) {
                continue;  // the constraint is the finding
            } else if (!same(i, *there)) {
                base_.add("index-changed", subject, name + " is another one.",
                          diff_base::both(create_index(i), create_index(*there)), {drop_index(i), create_index(i)});
            } else if (i.valid && !there->valid) {
                base_.add("index-invalid", subject, name + " is not valid.", {}, {drop_index(i), create_index(i)});
            }
        }
        for (index const& i : live.indexes) {
            if (i.of_constraint || find(want.indexes, i.name) != nullptr || renamed.contains(i.name) ||
                base_.any_touched(want.name, i.columns))
                continue;
            base_.add(i.unique ? "unique-index-unexpected" : "index-unexpected", want.name + '.' + i.name,
                      "Index " + i.name + " of " + want.name + " is not in the schema.", "found: " + create_index(i),
                      {drop_index(i)});
        }
    }

    void triggers(relation const& want, relation const& live) {
        for (trigger const& t : want.triggers) {
            if (base_.lost_functions_.contains(t.function)) continue;
            std::string const subject = want.name + '.' + t.name;
            std::string const name = "Trigger " + t.name + " of " + want.name;
            trigger const* const there = find(live.triggers, t.name);
            if (there == nullptr) {
                base_.add("trigger-missing", subject, name + " is missing.", "expected: " + t.definition,
                          create_trigger(want.name, t));
            } else if (!base_.same(t.definition, there->definition)) {
                statements repair{drop_trigger(want.name, t)};
                append(repair, create_trigger(want.name, t));
                base_.add("trigger-changed", subject, name + " is another one.",
                          diff_base::both(t.definition, there->definition), repair);
            } else if (t.enabled != there->enabled) {
                base_.add("trigger-state", subject,
                          name + " is " + std::string{state(there->enabled)} + " and not " +
                              std::string{state(t.enabled)} + ".",
                          {}, {set_trigger_state(want.name, t)});
            }
        }
        for (trigger const& t : live.triggers)
            if (find(want.triggers, t.name) == nullptr)
                base_.add("trigger-unexpected", want.name + '.' + t.name,
                          "Trigger " + t.name + " of " + want.name + " is not in the schema.", "found: " + t.definition,
                          {drop_trigger(want.name, t)});
    }

    void policies(relation const& want, relation const& live) {
        for (policy const& p : want.policies) {
            policy const* const there = find(live.policies, p.name);
            if (there != nullptr && base_.same(p.definition, there->definition)) continue;
            std::string const name = "Policy " + p.name + " of " + want.name;
            statements repair;
            if (there != nullptr) repair.push_back(drop_policy(want.name, p));
            repair.push_back(create_policy(want.name, p));
            base_.add(there == nullptr ? "policy-missing" : "policy-changed", want.name + '.' + p.name,
                      name + (there == nullptr ? " is missing." : " is another one."),
                      diff_base::both(p.definition, there == nullptr ? std::string{} : there->definition), repair);
        }
        for (policy const& p : live.policies)
            if (find(want.policies, p.name) == nullptr)
                base_.add("policy-unexpected", want.name + '.' + p.name,
                          "Policy " + p.name + " of " + want.name + " is not in the schema.", "found: " + p.definition,
                          {drop_policy(want.name, p)});
    }

private:
    static std::string sentence(constraint const& c, relation const& table) {
        std::string_view const kind = c.kind == 'p'   ? "Primary key "
                                      : c.kind == 'u' ? "Unique constraint "
                                      : c.kind == 'f' ? "Foreign key "
                                      : c.kind == 'x' ? "Exclusion constraint "
                                                      : "Check ";
        return std::string{kind} + c.name + " of " + table.name;
    }
    static std::string_view state(char enabled) {
        return enabled == 'D' ? "disabled" : enabled == 'R' ? "for replicas only" : enabled == 'A' ? "always on" : "on";
    }

    /// Finds a thing of the live side that is the same but for a name that the expected side does not have.
    template <class T, class Same>
    static T const* unnamed(std::vector<T> const& want, std::vector<T> const& live, T const& wanted, Same const& same) {
        for (T const& candidate : live)
            if (same(wanted, candidate) && find(want, candidate.name) == nullptr) return &candidate;
        return nullptr;
    }

    /// Foreign keys of other tables went with the key they point to, and come back with it.
    [[nodiscard]] statements with_references(relation const& want, constraint const& c, statements repair) const {
        if (c.kind == 'p' || c.kind == 'u')
            append(repair, base_.missing_references(
                               want.name, [&](constraint const& other) { return other.referenced == c.columns; }));
        return repair;
    }

    template <class Take>
    void each_reference(std::string const& table, constraint const& key, Take const& take) const {
        if (key.kind != 'p' && key.kind != 'u') return;
        for (relation const& other : base_.live_.relations)
            for (constraint const& c : other.constraints)
                if (c.kind == 'f' && c.references == table && c.referenced == key.columns) take(other, c);
    }
    [[nodiscard]] statements references_to(std::string const& table, constraint const& key) const {
        statements made;
        each_reference(table, key,
                       [&](relation const& t, constraint const& c) { made.push_back(drop_constraint(t.name, c)); });
        return made;
    }
    [[nodiscard]] statements again(std::string const& table, constraint const& key) const {
        statements made;
        each_reference(table, key,
                       [&](relation const& t, constraint const& c) { made.push_back(add_constraint(t.name, c)); });
        return made;
    }

    diff_base& base_;
};

}  // namespace sark::catalog::detail
