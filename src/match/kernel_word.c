#include "match/kernel_word.h"

enum { WHY_MAX = 64 * 1024 };

static bool is_of_kernel(const struct tu_kb *kb, const struct tu_evidence *e)
{
	const struct kb_product *product;

	if (e->entry < kb->package_entries)
		return false;
	product = &kb->products[e->owner];
	return tu_str_eq(kb_str(kb, product->product), TU_STR("linux_kernel")) &&
		tu_str_eq(kb_str(kb, product->vendor), TU_STR("linux"));
}

/* A record that names the files of one entry must name those of all, else some are not known. */
static bool names_all_files(
	const struct tu_kb *kb, const struct tu_evidence *group, size_t count, uint32_t advisory)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].advisory == advisory && is_of_kernel(kb, &group[i]) &&
			kb_body(kb, &kb->entries[group[i].entry])->module == 0)
			return false;
	}
	return true;
}

bool tu_match__kernel_word(struct kernel_word *word, const struct tu_evidence *group, size_t count,
	struct tu_str *out_why)
{
	const struct tu_kb *kb = word->kb;
	uint32_t last = 0;
	bool left_out = false;
	bool ok = true;
	struct tu_buf why;

	*out_why = (struct tu_str){"", 0};
	tu_buf_init(&why, WHY_MAX);
	for (size_t i = 0; word->build && i < count; i++) {
		uint32_t files = kb_body(kb, &kb->entries[group[i].entry])->module;

		if (files == 0 || files == last || !is_of_kernel(kb, &group[i]))
			continue;
		last = files;
		word->stated.version = group[i].version;
		if (!word->note)
			word->note = tu_match__kernel_of_another(word->build, &word->stated);
		if (why.len)
			tu_buf_c(&why, "; ");
		left_out = names_all_files(kb, group, count, group[i].advisory) &&
			tu_match__kernel_leaves_out(
				word->build, &word->stated, kb_str(kb, files), &why);
		if (!left_out)
			break;
	}
	if (left_out)
		ok = !why.failed && tu_arena_dup(word->arena, tu_buf_str(&why), out_why);
	tu_buf_done(&why);
	return ok;
}
