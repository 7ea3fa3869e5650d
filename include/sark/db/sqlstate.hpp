// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sark {

/// Says what an SQLSTATE means and what to do about it.
struct sqlstate_advice {
    std::string_view code;
    std::string_view condition;  ///< the name in appendix A of PostgreSQL's manual
    std::string_view cure;
};

namespace detail {

inline constexpr sqlstate_advice advices[] = {
    {"08000", "connection_exception", "Connect again."},
    {"08006", "connection_failure", "Connect again."},
    {"0A000", "feature_not_supported", "See server_message()."},
    {"21000", "cardinality_violation", "Two rows of one upsert have the same key: keep one of them."},
    {"22001", "string_data_right_truncation", "A text is longer than its column: shorten it or widen the column."},
    {"22003", "numeric_value_out_of_range", "A number does not fit its column: widen the column or check the value."},
    {"22008", "datetime_field_overflow",
     "A time is none of the calendar, or later than the server counts: correct it."},
    {"22009", "invalid_time_zone_displacement_value", "An offset from UTC is farther than 15:59:59: correct it."},
    {"22021", "character_not_in_repertoire", "A text is not in the database's encoding: create it with UTF8."},
    {"22023", "invalid_parameter_value",
     "An operand is of no use there; in a JSON document, one of another kind is there."},
    {"22P02", "invalid_text_representation",
     "A value is not of the column's type, or a JSON document has a list where its struct has none: compare them."},
    {"22P05", "untranslatable_character", "A JSON text has the escape \\u0000, which jsonb cannot hold: remove it."},
    {"23502", "not_null_violation", "Set the column, or give it a default."},
    {"23503", "foreign_key_violation", "Insert the row that is referred to first; delete the referring rows first."},
    {"23505", "unique_violation", "A row with this key exists: change the key, or use upsert."},
    {"23514", "check_violation", "A value breaks a check of the table: correct it."},
    {"25006", "read_only_sql_transaction", "Write to the primary, or open a transaction that may write."},
    {"25P02", "in_failed_sql_transaction", "An earlier statement failed: let the transaction roll back."},
    {"28000", "invalid_authorization_specification", "Check user and database in the URL and pg_hba.conf."},
    {"28P01", "invalid_password", "Check the password in the URL, PGPASSWORD or ~/.pgpass."},
    {"3D000", "invalid_catalog_name", "Create the database, or correct its name in the URL."},
    {"3F000", "invalid_schema_name", "Create the schema, or correct search_path."},
    {"40001", "serialization_failure", "Repeat the whole transaction."},
    {"40P01", "deadlock_detected", "Repeat the whole transaction."},
    {"42501", "insufficient_privilege", "Grant the role what the statement needs."},
    {"42601", "syntax_error", "See server_message()."},
    {"42703", "undefined_column", "Database and structs differ: apply the migrations."},
    {"42704", "undefined_object", "Database and structs differ: apply the migrations."},
    {"42804", "datatype_mismatch", "Database and structs differ: apply the migrations."},
    {"42883", "undefined_function", "Database and structs differ: apply the migrations."},
    {"42P01", "undefined_table", "Database and structs differ: apply the migrations."},
    {"42P07", "duplicate_table", "Something else created it: compare the database with the chain."},
    {"53100", "disk_full", "Make room on the server."},
    {"53300", "too_many_connections", "Close connections, or raise max_connections."},
    {"54000", "program_limit_exceeded", "A value is too large for its index or row: shorten it, or index its hash."},
    {"54001", "statement_too_complex", "A JSON document is nested too deeply: flatten it."},
    {"54011", "too_many_columns", "A table has more than 1600 columns: split it."},
    {"55P03", "lock_not_available", "Another transaction holds the lock: try again later."},
    {"55P04", "unsafe_new_enum_value_usage", "A label of an enum is used before it is committed: add it beforehand."},
    {"57014", "query_canceled", "It was cancelled or ran into statement_timeout."},
    {"57P01", "admin_shutdown", "The server ended the connection: connect again."},
    {"57P03", "cannot_connect_now", "The server starts or stops: try again."},
};

}  // namespace detail

/// Finds the advice for an SQLSTATE; an empty one for codes that say too little for an advice.
[[nodiscard]] constexpr sqlstate_advice advice_for(std::string_view sqlstate) {
    for (sqlstate_advice const& advice : detail::advices)
        if (advice.code == sqlstate) return advice;
    return {sqlstate, {}, "See server_message()."};
}

}  // namespace sark
