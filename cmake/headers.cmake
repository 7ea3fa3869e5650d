# Every header, once. Written by cmake/update_headers.cmake; the layout test compares it with the disk.

# std and Boost.PFR only: installed with sark::core.
set(SARK_CORE_HEADERS
    include/sark/meta/detail/signature.hpp
    include/sark/meta/fixed_string.hpp
    include/sark/meta/type_list.hpp
    include/sark/reflect.hpp
    include/sark/reflect/aggregate.hpp
    include/sark/reflect/detail/pfr.hpp
    include/sark/reflect/enum_names.hpp
    include/sark/reflect/fields.hpp
    include/sark/reflect/member.hpp
    include/sark/reflect/names.hpp
    include/sark/schema/ddl.hpp
    include/sark/schema/definition.hpp
    include/sark/sql/identifier.hpp
    include/sark/sql/literal.hpp
    include/sark/sql/text.hpp
    include/sark/sql/writer.hpp
    include/sark/version.hpp
)

# Need libpqxx, libpq or nlohmann/json, or a server to be of use: installed with sark::sark.
set(SARK_SARK_HEADERS
)
