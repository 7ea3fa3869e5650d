// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sark::detail {

/// Is the text of a statement; a constant one is found by its address, without reading it.
struct statement_text {
    std::string_view text;
    bool is_constant = false;
};

/// Is what a connection knows about one statement.
struct cached_statement {
    std::string text = {};  // a copy, and zero-terminated
    std::string name = {};  // on the server; empty until it is needed
    std::uint64_t hash = 0;
    bool is_prepared = false;
    bool is_decided = false;  // whether its rows come in binary
    bool is_binary = false;
    std::uint32_t renamed = 0;     // how often its name was left to something else
    std::uint32_t generation = 0;  // how many statements had this place before
    std::uint32_t next = 0;        // of the same bucket
    std::uint32_t newer = 0;
    std::uint32_t older = 0;

    /// Makes the name. It follows from the text, so sessions that a pooler mixes up cannot run another statement under
    /// it.
    [[nodiscard]] std::string make_name() const {
        std::uint64_t digest = 14'695'981'039'346'656'037U;  // FNV-1a
        for (char const c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
        std::string out{"sark_"};
        for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(digest >> shift) & 15U];
        out.append("_").append(std::to_string(text.size()));
        return renamed == 0 ? out : out.append("_").append(std::to_string(renamed));
    }

    /// Leaves the name to what the server knows by it, which cannot be taken back inside of a failed transaction.
    void rename() {
        ++renamed;
        name.clear();
    }
};

/// Keeps the last used statements of one connection; positions count from 1, 0 is nowhere.
class statement_cache {
public:
    explicit statement_cache(std::size_t capacity)
        : capacity_{std::min<std::size_t>(capacity, 1U << 20U)},
          buckets_(capacity_ == 0 ? 0 : std::bit_ceil(2 * capacity_), 0U) {}

    [[nodiscard]] bool is_enabled() const noexcept { return capacity_ != 0; }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    /// Finds a statement and makes it the newest; null for one that is not known.
    [[nodiscard]] cached_statement* find(statement_text const& wanted) {
        std::uint64_t const hash = hash_of(wanted);
        for (std::uint32_t at = bucket(hash); at != 0; at = entry(at).next) {
            cached_statement& e = entry(at);
            // Compared even where the address is the key: a library that was unloaded may have left it to another text.
            if (e.hash != hash || e.text != wanted.text) continue;
            if (at != newest_) {
                unlink(at);
                link(at);
            }
            return &e;
        }
        return nullptr;
    }

    /// Gives a statement its name, unless it has one.
    ///
    /// The same text may be here twice, once found by its address and once by what it says: then with two names.
    void make_name(cached_statement& s) const {
        if (!s.name.empty()) return;
        s.name = s.make_name();
        while (std::count_if(entries_.begin(), entries_.end(), [&](auto const& e) { return e.name == s.name; }) > 1) {
            s.rename();
            s.name = s.make_name();
        }
    }

    /// Tells which statement would be given up for a new one; null while there is room.
    [[nodiscard]] cached_statement* next_victim() { return entries_.size() < capacity_ ? nullptr : &entry(oldest_); }

    /// Adds a statement that is not known, in the place of the oldest when there is no room.
    cached_statement& add(statement_text const& added) {
        std::uint32_t at = oldest_;
        if (entries_.size() < capacity_) {
            if (entries_.empty()) entries_.reserve(capacity_);  // so that entries stay where they are
            entries_.emplace_back();
            at = static_cast<std::uint32_t>(entries_.size());
        } else {
            unlink(at);
            leave_bucket(at);
        }
        cached_statement& e = entry(at);
        std::uint32_t const generation = e.generation + 1;
        e = {};
        e.generation = generation;
        e.text = added.text;
        e.hash = hash_of(added);
        e.next = bucket(e.hash);
        bucket(e.hash) = at;
        link(at);
        return e;
    }

private:
    [[nodiscard]] static std::uint64_t hash_of(statement_text const& t) {
        std::uint64_t const mix = 0x9E37'79B9'7F4A'7C15U;
        if (t.is_constant) {
            auto const address = reinterpret_cast<std::uintptr_t>(t.text.data());
            return (address ^ (t.text.size() << 48U)) * mix;
        }
        std::uint64_t hash = t.text.size();
        for (char const c : t.text) hash = (hash ^ static_cast<unsigned char>(c)) * mix;
        return hash;
    }

    [[nodiscard]] cached_statement& entry(std::uint32_t at) { return entries_[at - 1]; }
    [[nodiscard]] std::uint32_t& bucket(std::uint64_t hash) { return buckets_[(hash >> 32U) & (buckets_.size() - 1)]; }

    void link(std::uint32_t at) {
        entry(at).newer = 0;
        entry(at).older = newest_;
        if (newest_ != 0) entry(newest_).newer = at;
        newest_ = at;
        if (oldest_ == 0) oldest_ = at;
    }
    void unlink(std::uint32_t at) {
        cached_statement const& e = entry(at);
        (e.newer != 0 ? entry(e.newer).older : newest_) = e.older;
        (e.older != 0 ? entry(e.older).newer : oldest_) = e.newer;
    }
    void leave_bucket(std::uint32_t at) {
        std::uint32_t* link = &bucket(entry(at).hash);
        while (*link != at) link = &entry(*link).next;
        *link = entry(at).next;
    }

    std::size_t capacity_;
    std::vector<cached_statement> entries_;
    std::vector<std::uint32_t> buckets_;
    std::uint32_t newest_ = 0;
    std::uint32_t oldest_ = 0;
};

}  // namespace sark::detail
