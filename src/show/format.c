#include "show/format.h"

static const struct tu_scan_format formats[] = {
	{"table", tu_format_table},
	{"json", tu_format_json},
	{"csv", tu_format_csv},
	{"sarif", tu_format_sarif},
	{"cyclonedx", tu_format_cyclonedx},
};

const struct tu_scan_format *tu_scan_format_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(formats); i++)
		if (tu_str_ieq(name, tu_str_c(formats[i].name)))
			return &formats[i];
	return NULL;
}

const struct tu_scan_format *tu_scan_format_at(size_t index)
{
	return index < TU_COUNT(formats) ? &formats[index] : NULL;
}

enum tu_status tu_scan_format_no_memory(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOMEM, 0, "out of memory while writing the report");
}
