# Finds protobuf for the examples that read descriptor sets, of the generation that Debian 12 and 13 have: from 22 on its
# interface for errors is another one, and it brings Abseil.
set(sark_examples_with_protobuf grpc three_protocols)
set(SARK_HAS_PROTOBUF OFF)
set(SARK_PROTOBUF_MISSING "they need protobuf 3.12 to 3.21 (Debian: libprotobuf-dev and protobuf-compiler).")
find_package(Protobuf 3.12 MODULE QUIET)
if(Protobuf_FOUND AND TARGET protobuf::libprotobuf AND TARGET protobuf::protoc AND Protobuf_VERSION VERSION_LESS 4)
    set(SARK_HAS_PROTOBUF ON)
endif()

# sark_descriptor_set(<result> <file.proto>): a custom command that makes the descriptor set of a file in the build.
function(sark_descriptor_set result source)
    get_filename_component(source "${source}" ABSOLUTE)
    get_filename_component(folder "${source}" DIRECTORY)
    get_filename_component(name "${source}" NAME_WE)
    file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/descriptors")
    set(made "${CMAKE_CURRENT_BINARY_DIR}/descriptors/${name}.binpb")
    add_custom_command(OUTPUT "${made}"
        COMMAND protobuf::protoc "--proto_path=${folder}" "--descriptor_set_out=${made}" --include_imports
            --include_source_info "${source}"
        DEPENDS "${source}"
        COMMENT "Describing ${name}.proto"
        VERBATIM)
    set(${result} "${made}" PARENT_SCOPE)
endfunction()
