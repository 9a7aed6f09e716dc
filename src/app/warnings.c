#include "app/warnings.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/vec.h"

const char *tu_warning_kind_name(enum tu_warning_kind kind)
{
	static const char *const names[TU_WARNING_KINDS] = {
		[TU_WARN_EMPTY_SBOM] = "empty-sbom",
		[TU_WARN_SBOM_NOTES] = "sbom-notes",
		[TU_WARN_FRESHNESS] = "freshness",
		[TU_WARN_SIDE_FILE] = "side-file",
		[TU_WARN_STATEMENT] = "statement",
		[TU_WARN_NO_SBOM] = "no-sbom",
		[TU_WARN_EXPIRED] = "expired",
		[TU_WARN_IDENTITY] = "identity",
		[TU_WARN_UNNAMED] = "unnamed",
		[TU_WARN_PLACEHOLDER] = "placeholder",
		[TU_WARN_DECISION] = "decision",
		[TU_WARN_KERNEL] = "kernel",
	};

	return names[kind];
}

void tu_warn(struct tu_warnings *warnings, enum tu_warning_kind kind, const char *fmt, ...)
{
	char text[TU_ERROR_MESSAGE_MAX];
	struct tu_warning warning = {.kind = kind};
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	warnings->failed |= !tu_arena_dup(warnings->arena, tu_str_c(text), &warning.text) ||
		!TU_VEC_PUSH_IN(warnings->arena, warnings, warning);
}
