/*
 * Packs the inventories of documents and unpacks them: nothing may be lost.
 *
 *   flat_driver FILE…        one line a file: path, "ok", components, bytes packed; or path,
 * "unread"; or path, "differs", and what flat_driver --pack FILE  the packed form on standard
 * output (fuzz/corpus/flat)
 *
 * What was unpacked is the same in every field and, packed again, in every byte; every writer
 * writes the same from it. "-" as the only file: the names come from standard input, one a line.
 * Exit code 1 when something differs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tutela/sbom.h>
#include <tutela/sbom_above.h>

#include "base/input.h"
#include "error_text.h"
#include "sandbox/sandbox.h"
#include "sbom/flat/flat.h"
#include "support/flat_same.h"

#define BYTES_MAX ((size_t)2 << 30)

static const struct tu_sbom_write_options options = {.tool = TU_STR_INIT("driver 1"),
	.created = TU_STR_INIT("2024-01-02T03:04:05Z"),
	.serial = TU_STR_INIT("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79")};

/* What a writer makes of the inventory, losses and failure after it. */
static void write_as(
	const struct tu_inventory *inventory, enum tu_sbom_target target, struct tu_sink *out)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_sbom_losses losses = {0};
	struct tu_error err = {0};

	tu_sink_init_memory(out, BYTES_MAX);
	if (!arena || tu_sbom_write(arena, inventory, target, &options, out, &losses, &err))
		tu_buf_c(&out->buf, err.message);
	for (size_t i = 0; i < losses.count; i++) {
		tu_buf_printf(&out->buf, "%zu ", losses.notes[i].count);
		tu_buf_str_add(&out->buf, losses.notes[i].pointer);
		tu_buf_str_add(&out->buf, losses.notes[i].message);
	}
	tu_arena_free(arena);
}

static bool writes_same(const struct tu_inventory *a, const struct tu_inventory *b)
{
	bool same = true;

	for (int target = 0; same && target < TU_SBOM_TARGETS_; target++) {
		struct tu_sink first, second;

		write_as(a, (enum tu_sbom_target)target, &first);
		write_as(b, (enum tu_sbom_target)target, &second);
		same = !first.buf.failed &&
			tu_str_eq(tu_buf_str(&first.buf), tu_buf_str(&second.buf));
		tu_sink_done(&first);
		tu_sink_done(&second);
	}
	return same;
}

/* NULL: the same. */
static const char *compare(const struct tu_inventory *inventory, struct tu_str packed,
	struct tu_arena *arena, struct flat_difference *difference)
{
	const struct tu_inventory *again = NULL;
	struct tu_error err = {0};
	struct tu_buf second;
	bool same;

	if (tu_inventory_unpack(arena, packed, NULL, &again, &err)) {
		(void)snprintf(difference->words, sizeof(difference->words), "%.180s", err.message);
		return difference->words;
	}
	if (!flat_same_inventory(inventory, again, difference))
		return difference->words;
	tu_buf_init(&second, BYTES_MAX);
	same = !tu_inventory_pack(again, &second, NULL) && tu_str_eq(packed, tu_buf_str(&second));
	tu_buf_done(&second);
	if (!same)
		return "packed again";
	return writes_same(inventory, again) ? NULL : "written";
}

/* NULL: nothing is lost. */
static const char *judge(const struct tu_inventory *inventory, struct tu_arena *arena,
	struct flat_difference *difference, size_t *out_packed)
{
	const char *what = "out of memory";
	struct tu_buf packed;

	tu_buf_init(&packed, BYTES_MAX);
	if (!tu_inventory_pack(inventory, &packed, NULL))
		what = compare(inventory, tu_buf_str(&packed), arena, difference);
	*out_packed = packed.len;
	tu_buf_done(&packed);
	return what;
}

static const struct tu_inventory *read_file(
	const char *path, struct tu_buf *text, struct tu_arena *arena, struct tu_error *err)
{
	const struct tu_inventory *inventory = NULL;

	if (tu_input_read(path, text, err) ||
		tu_sbom_read(arena, tu_buf_str(text), true, NULL, &inventory, err))
		return NULL;
	return inventory;
}

/* The inventory and, unless it is large, what it is with what is above each component. */
static bool judge_both(
	const char *path, const struct tu_inventory *inventory, struct tu_arena *arena)
{
	enum { LARGE = 5000 };
	const struct tu_inventory *with_above = NULL;
	struct flat_difference difference;
	size_t packed, more;
	const char *what = judge(inventory, arena, &difference, &packed);

	if (!what && inventory->component_count < LARGE)
		what = tu_sbom_find_above(arena, inventory, &with_above, NULL)
			? "out of memory"
			: judge(with_above, arena, &difference, &more);
	if (what)
		printf("%s\tdiffers\t%s\n", path, what);
	else
		printf("%s\tok\t%s\t%zu\t%zu\n", path, tu_sbom_format_name(inventory->format),
			inventory->component_count, packed);
	return !what;
}

static bool judge_file(const char *path)
{
	struct tu_arena *arena = tu_arena_new((size_t)4 << 30);
	const struct tu_inventory *inventory;
	struct tu_error err = {0};
	struct tu_buf text;
	bool fine = true;

	tu_buf_init(&text, BYTES_MAX);
	inventory = arena ? read_file(path, &text, arena, &err) : NULL;
	if (inventory)
		fine = judge_both(path, inventory, arena);
	else
		printf("%s\tunread\t%s\n", path, err.message);
	tu_buf_done(&text);
	tu_arena_free(arena);
	return fine;
}

/* ---- in a confined process ---- */

static struct tu_sandbox *sandbox; /* NULL: it is not about that */

struct outcome {
	enum tu_status status;
	struct tu_error err;
	struct tu_buf packed;
	const char *format;
};

static void take_outcome(
	struct outcome *outcome, const struct tu_inventory *inventory, enum tu_status status)
{
	outcome->status = status;
	outcome->format = inventory ? tu_sbom_format_name(inventory->format) : "";
	tu_buf_init(&outcome->packed, BYTES_MAX);
	if (inventory && tu_inventory_pack(inventory, &outcome->packed, NULL))
		exit(2);
}

static bool read_raw(const char *path, struct tu_buf *out)
{
	FILE *file = fopen(path, "rb");
	char piece[65536];
	size_t got;

	while (file && (got = fread(piece, 1, sizeof(piece), file)) != 0)
		tu_buf_add(out, piece, got);
	if (file)
		(void)fclose(file);
	return file != NULL;
}

static void read_here(struct tu_str upload, struct tu_arena *arena, struct outcome *out)
{
	const struct tu_inventory *inventory = NULL;
	enum tu_status status;
	struct tu_buf text;

	tu_buf_init(&text, BYTES_MAX);
	status = tu_input_unpack(upload, &text, &out->err);
	if (!status)
		status = tu_sbom_read(arena, tu_buf_str(&text), true, NULL, &inventory, &out->err);
	take_outcome(out, inventory, status);
	tu_buf_done(&text);
}

static void read_there(struct tu_str upload, struct tu_arena *arena, struct outcome *out)
{
	const struct tu_sandbox_upload all = {.bytes = upload};
	const struct tu_inventory *inventory = NULL;
	enum tu_status status = tu_sandbox_read_sbom(sandbox, &all, arena, &inventory, &out->err);

	take_outcome(out, inventory, status);
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
	return a->status == b->status &&
		tu_str_eq(tu_buf_str(&a->packed), tu_buf_str(&b->packed)) &&
		(!a->status ||
			(a->err.line == b->err.line && a->err.column == b->err.column &&
				a->err.offset == b->err.offset &&
				strcmp(a->err.pointer, b->err.pointer) == 0));
}

static bool judge_confined(const char *path)
{
	struct tu_arena *arena = tu_arena_new((size_t)4 << 30);
	struct outcome here = {0}, there = {0};
	struct tu_buf upload;
	bool same;

	tu_buf_init(&upload, BYTES_MAX);
	if (!arena || !read_raw(path, &upload))
		exit(2);
	read_here(tu_buf_str(&upload), arena, &here);
	read_there(tu_buf_str(&upload), arena, &there);
	same = is_same(&here, &there);
	if (!same)
		printf("%s\tdiffers\t%s\n", path, there.err.message);
	else
		printf("%s\t%s\t%s\n", path, here.status ? "unread" : "ok",
			here.status ? here.err.message : here.format);
	tu_buf_done(&here.packed);
	tu_buf_done(&there.packed);
	tu_buf_done(&upload);
	tu_arena_free(arena);
	return same;
}

static bool judge_any(const char *path)
{
	return sandbox ? judge_confined(path) : judge_file(path);
}

/* ---- */

static int pack_file(const char *path)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory;
	struct tu_error err = {0};
	struct tu_buf text, packed;

	tu_buf_init(&text, BYTES_MAX);
	tu_buf_init(&packed, BYTES_MAX);
	inventory = arena ? read_file(path, &text, arena, &err) : NULL;
	if (!inventory || tu_inventory_pack(inventory, &packed, &err) ||
		fwrite(packed.ptr, 1, packed.len, stdout) != packed.len)
		fprintf(stderr, "%s: %s\n", path, err.message);
	tu_buf_done(&text);
	tu_buf_done(&packed);
	tu_arena_free(arena);
	return inventory ? 0 : 1;
}

static bool judge_listed(void)
{
	char path[4096];
	bool fine = true;

	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		fine &= judge_any(path);
	}
	return fine;
}

int main(int argc, char **argv)
{
	struct tu_error err = {0};
	bool fine = true;

	if (argc > 1 && strcmp(argv[1], "--sandbox") == 0) {
		if (tu_sandbox_start(NULL, &sandbox, &err)) {
			fprintf(stderr, "%s\n", err.message);
			return 2;
		}
		argc--;
		argv++;
	}

	if (argc == 3 && strcmp(argv[1], "--pack") == 0)
		return pack_file(argv[2]);
	if (argc == 2 && strcmp(argv[1], "-") == 0)
		return judge_listed() ? 0 : 1;
	for (int i = 1; i < argc; i++)
		fine &= judge_any(argv[i]);
	return fine ? 0 : 1;
}
