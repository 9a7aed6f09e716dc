/* What is in the folder of a label beside the folders of years. */
#include "connect/csaf/operations.h"
#include "connect/csaf/view.h"

/* "*" is the label's folder. */
static const struct {
	const char *name;
	tu_csaf_write *write;
} files[] = {
	{"csaf-feed-tlp-*.json", tu_csaf_write_feed},
	{"category-*.json", tu_csaf_write_category},
	{"index.txt", tu_csaf_write_index},
	{"changes.csv", tu_csaf_write_changes},
};

static bool is_name(struct tu_str name, struct tu_str pattern, struct tu_str folder)
{
	size_t star = tu_str_find(pattern, '*');

	if (star == pattern.len)
		return tu_str_eq(name, pattern);
	return tu_str_skip(&name, tu_str_first(pattern, star)) && tu_str_skip(&name, folder) &&
		tu_str_eq(name, tu_str_from(pattern, star + 1));
}

enum tu_status tu_csaf_get_of_label(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_csaf_asked asked = {.tlp = call->path[0]};

	for (size_t i = 0; i < TU_COUNT(files); i++)
		if (is_name(call->path[1], tu_str_c(files[i].name), call->path[0]))
			return tu_csaf_answer(call, &asked, files[i].write, err);
	return tu_csaf_answer_document(call, call->path[0], call->path[1], err);
}
