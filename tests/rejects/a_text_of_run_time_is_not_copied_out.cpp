// expect: copy_out(...) takes a statement whose text is a constant of its type
// also: chosen_at_run_time
// also: sark-D03
// SPDX-License-Identifier: MIT
#include <sark/db.hpp>
#include <sark/models.hpp>

using sark::Resource, sark::col, sark::from;

struct chosen_at_run_time {
    using row = std::string;
    std::string_view sql;
    void bind(sark::parameters&) const {}
    template <class Fields>
    static row decode(Fields const& fields) {
        return std::string{fields(0).text()};
    }
};
void good(sark::connection& db) { (void)db.all(chosen_at_run_time{"SELECT 1"}); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) {
    db.copy_out(chosen_at_run_time{"SELECT 1"}, [](std::string const&) {});
}
#endif
