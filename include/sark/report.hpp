// SPDX-License-Identifier: MIT
#pragma once

// Reports of every tool as plain values, and the forms they are written in.

#include <sark/report/finding.hpp>
#include <sark/report/report.hpp>
#include <sark/report/text.hpp>
#include <sark/report/json.hpp>
#include <sark/report/junit.hpp>
#include <sark/report/sarif.hpp>
#include <sark/report/html.hpp>
