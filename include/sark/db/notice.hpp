// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <sark/db/control.hpp>
#include <sark/db/detail/driver.hpp>
#include <sark/db/session.hpp>

namespace sark {

/// Is what the server says beside its answers: `RAISE WARNING`, a name that was cut, what else a cascade drops.
///
/// Its texts are the server's, or of whoever wrote RAISE: they may hold values. They live as long as the call.
struct server_notice {
    std::string_view severity;  ///< WARNING, NOTICE, INFO, LOG or DEBUG, in English whatever the server speaks
    std::string_view sqlstate;
    std::string_view text;
    std::string_view detail;  ///< empty for none
    std::string_view hint;    ///< empty for none
};

/// Gives the words of a notice, each of its parts on a line of its own.
[[nodiscard]] inline std::string text_of(server_notice const& notice) {
    std::string words{notice.text};
    for (std::string_view const part : {notice.detail, notice.hint})
        if (!part.empty()) words.append("\n").append(part);
    return words;
}

/// Hands what the server says beside its answers to a function, as it comes, while it lives; otherwise it is dropped.
///
///     sark::notice_listener heard{db, [](sark::server_notice const& n) { log(n.severity, n.text); }};
///     db.execute("CALL nightly()");
///     heard.rethrow();
///
/// What is heard at all is for `client_min_messages` to say. The function runs in the middle of a statement and may not
/// use the connection. The session has to outlive the listener; the innermost one hears.
class notice_listener final : detail::notice_sink {
public:
    notice_listener(session& on, std::function<void(server_notice const&)> take)
        : on_{detail::session_control::driver_of(on)},
          take_{std::move(take)},
          before_{std::exchange(on_.heard_by, static_cast<detail::notice_sink*>(this))} {}
    notice_listener(notice_listener const&) = delete;
    notice_listener& operator=(notice_listener const&) = delete;
    ~notice_listener() { on_.heard_by = before_; }

    /// Throws what the function threw: it could not pass through the driver, so it was kept, the first one only.
    void rethrow() {
        if (thrown_ != nullptr) std::rethrow_exception(std::exchange(thrown_, nullptr));
    }

private:
    void take(PGresult const* notice) noexcept override {
        auto const field = [notice](int which) -> std::string_view {
            char const* const words = PQresultErrorField(notice, which);
            return words == nullptr ? std::string_view{} : std::string_view{words};
        };
        try {
            take_({.severity = field(PG_DIAG_SEVERITY_NONLOCALIZED),
                   .sqlstate = field(PG_DIAG_SQLSTATE),
                   .text = field(PG_DIAG_MESSAGE_PRIMARY),
                   .detail = field(PG_DIAG_MESSAGE_DETAIL),
                   .hint = field(PG_DIAG_MESSAGE_HINT)});
        } catch (...) {
            if (thrown_ == nullptr) thrown_ = std::current_exception();
        }
    }

    detail::driver& on_;
    std::function<void(server_notice const&)> take_;
    detail::notice_sink* before_;
    std::exception_ptr thrown_;
};

}  // namespace sark
