/*
 * Reads SBOMs and prints what came out, for golden files and conformance runs.
 *
 *   sbom_driver FILE…            the whole inventory, tab-separated, one fact a line
 *   sbom_driver --summary FILE…  one line a file: path, status, format, version, components,
 *                                relationships, statements, notes, message
 *   sbom_driver --stats FILE…    milliseconds and memory, one line a file
 *   sbom_driver --write FORMAT FILE
 *                                the document written as another one ("cyclonedx-1.6-xml"); what
 *                                is lost on standard error
 *
 * A folder is read as a root file system. "-" as the only file: the names come from standard input,
 * one a line. Exit code 1 when a file could not be read.
 */
#define _DEFAULT_SOURCE 1 /* getrusage, clock_gettime */

#include <tutela/sbom.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/input.h"
#include "sbom/details.h"
#include "sbom/relations.h"

#include "error_text.h"

/* Bytes that would break the line or the column, as \xNN. */
static void put_text(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == '\\' || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

static void put_column(struct tu_str text)
{
	putchar('\t');
	put_text(text);
}

static void put_fact(const char *name, struct tu_str text)
{
	if (text.len == 0)
		return;
	fputs(name, stdout);
	put_column(text);
	putchar('\n');
}

static void put_index(uint32_t index)
{
	if (index == TU_NO_COMPONENT)
		fputs("\t-", stdout);
	else
		printf("\t%u", (unsigned)index);
}

static void put_list(const char *name, size_t index, const struct tu_str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("%s\t%zu", name, index);
		put_column(texts[i]);
		putchar('\n');
	}
}

static void put_pointer(const struct tu_inventory *inventory, const struct tu_component *component)
{
	struct tu_buf pointer;

	tu_buf_init(&pointer, 1 << 20);
	tu_component_pointer(inventory, component, &pointer);
	put_column(tu_buf_str(&pointer));
	tu_buf_done(&pointer);
}

static void put_licence(size_t index, const struct tu_licence *licence)
{
	static const char *const kinds[] = {"name", "id", "expression"};
	static const char *const said[] = {"", "declared", "concluded"};

	printf("licence\t%zu", index);
	put_column(licence->text);
	printf("\t%s\t%s", kinds[licence->kind], said[licence->acknowledgement]);
	put_column(licence->url);
	put_column(licence->content);
	putchar('\n');
}

static void put_party(const char *name, size_t index, const struct tu_party *party)
{
	static const char *const roles[] = {
		"supplier", "manufacturer", "originator", "publisher", "author"};
	static const char *const kinds[] = {"", "person", "organization", "tool"};

	printf("%s\t%zu\t%s\t%s", name, index, roles[party->role], kinds[party->kind]);
	put_column(party->name);
	for (size_t i = 0; i < party->contact_count; i++) {
		put_column(party->contacts[i].name);
		put_column(party->contacts[i].email);
		put_column(party->contacts[i].phone);
	}
	for (size_t i = 0; i < party->url_count; i++)
		put_column(party->urls[i]);
	putchar('\n');
}

static void put_reference(size_t index, const struct tu_sbom_reference *reference)
{
	printf("reference\t%zu", index);
	put_column(reference->category);
	put_column(reference->type);
	put_column(reference->url);
	put_column(reference->comment);
	for (size_t i = 0; i < reference->hash_count; i++) {
		put_column(reference->hashes[i].algorithm);
		put_column(reference->hashes[i].value);
	}
	putchar('\n');
}

/* That of the document has the index after the last component. */
static void put_detail(const struct tu_sbom_detail *detail, size_t index)
{
	for (size_t i = 0; detail && i < detail->maker_count; i++)
		put_party("maker", index, &detail->makers[i]);
	for (size_t i = 0; detail && i < detail->text_count; i++) {
		printf("text\t%zu\t%s", index, tu_sbom__text_words(detail->texts[i].kind));
		put_column(detail->texts[i].text);
		putchar('\n');
	}
	for (size_t i = 0; detail && i < detail->reference_count; i++)
		put_reference(index, &detail->references[i]);
	for (size_t i = 0; detail && i < detail->kept_count; i++) {
		printf("kept\t%zu", index);
		put_column(detail->kept[i].name);
		put_column(detail->kept[i].json);
		putchar('\n');
	}
}

/* What the document says of itself. */
static void put_document(const struct tu_inventory *inventory)
{
	const size_t document = inventory->component_count;

	if (inventory->bom_version)
		printf("bom version\t%u\n", (unsigned)inventory->bom_version);
	for (size_t i = 1; i < inventory->phase_count; i++)
		put_fact("further phase", inventory->phases[i]);
	for (size_t i = 0; i < inventory->licence_count; i++)
		put_licence(document, &inventory->licences[i]);
	for (size_t i = 0; i < inventory->property_count; i++) {
		printf("property\t%zu", document);
		put_column(inventory->properties[i].name);
		put_column(inventory->properties[i].value);
		putchar('\n');
	}
	put_detail(inventory->detail, document);
	for (size_t i = 0; i < inventory->licence_text_count; i++) {
		fputs("licence text", stdout);
		put_column(inventory->licence_texts[i].id);
		put_column(inventory->licence_texts[i].name);
		put_column(inventory->licence_texts[i].text);
		putchar('\n');
	}
	for (size_t i = 0; i < inventory->leaf_count; i++)
		printf("leaf\t%u\n", (unsigned)inventory->leaves[i]);
}

static void put_component_lists(const struct tu_component *component, size_t index)
{
	put_list("contact", index, &component->contact, component->contact.len ? 1 : 0);
	put_list("cpe", index, component->cpes, component->cpe_count);
	for (size_t i = 0; i < component->licence_count; i++)
		put_licence(index, &component->licences[i]);
	put_detail(component->detail, index);
	for (size_t i = 0; i < component->hash_count; i++) {
		printf("hash\t%zu", index);
		put_column(component->hashes[i].algorithm);
		put_column(component->hashes[i].value);
		putchar('\n');
	}
	for (size_t i = 0; i < component->property_count; i++) {
		printf("property\t%zu", index);
		put_column(component->properties[i].name);
		put_column(component->properties[i].value);
		putchar('\n');
	}
	for (size_t i = 0; i < component->resolved_count; i++) {
		printf("resolved\t%zu", index);
		put_column(component->resolved[i].id);
		put_column(component->resolved[i].source);
		put_column(component->resolved[i].detail);
		putchar('\n');
	}
}

static void put_component(const struct tu_inventory *inventory, size_t index)
{
	static const char *const scopes[] = {"required", "optional", "excluded"};
	const struct tu_component *c = &inventory->components[index];
	const struct tu_str columns[] = {
		c->ref, c->group, c->name, c->version, c->supplier, c->purl, c->swid};

	printf("component\t%zu", index);
	put_pointer(inventory, c);
	put_index(c->parent);
	printf("\t%s\t%s", tu_component_kind_name(c->kind), scopes[c->scope]);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		put_column(columns[i]);
	putchar('\n');
	put_component_lists(c, index);
}

static void put_relationship(const struct tu_relationship *relationship)
{
	static const char *const words[] = {
		"depends on", "contains", "describes", "provides", "generated from", "other"};

	fputs("relationship", stdout);
	put_index(relationship->from);
	printf("\t%s", words[relationship->relation]);
	put_index(relationship->to);
	if (relationship->type != TU_TYPE_PLAIN) {
		const struct tu_relation_row *row =
			tu_sbom__relation_row(relationship->relation, relationship->type);

		put_column(row->spdx2.word.len ? row->spdx2.word : row->spdx3.word);
	}
	putchar('\n');
}

static void put_product(const struct tu_vex_product *product)
{
	for (size_t i = 0; i < product->component_count; i++)
		put_index(product->components[i]);
	if (product->whole || product->dangling)
		fputs(product->whole ? "\twhole" : "\tdangling", stdout);
	for (size_t i = 0; i < product->version_count; i++)
		put_column(product->versions[i]);
}

static void put_claim(const struct tu_vex_claim *claim)
{
	fputs("statement", stdout);
	put_column(claim->vulnerability);
	put_column(tu_claim_state(claim));
	put_column(claim->justification);
	put_column(tu_claim_detail(claim));
	for (size_t i = 0; i < claim->product_count; i++)
		put_product(&claim->products[i]);
	putchar('\n');
}

static void put_note(const char *name, const struct tu_sbom_note *note)
{
	fputs(name, stdout);
	put_column(note->pointer);
	put_column(note->message);
	printf("\t%zu\n", note->count);
}

static void put_author(const struct tu_party *author)
{
	struct tu_buf words;

	tu_buf_init(&words, 1 << 20);
	tu_party_words(author, &words);
	put_fact("author", tu_buf_str(&words));
	tu_buf_done(&words);
}

static void put_inventory(const struct tu_inventory *inventory)
{
	printf("format\t%s", tu_sbom_format_name(inventory->format));
	put_column(inventory->spec_version);
	putchar('\n');
	put_fact("serial", inventory->serial);
	put_fact("name", inventory->name);
	put_fact("created", inventory->created);
	put_fact("phase", inventory->phase);
	for (size_t i = 0; i < inventory->tool_count; i++)
		put_fact("tool", inventory->tools[i]);
	for (size_t i = 0; i < inventory->author_count; i++)
		put_author(&inventory->authors[i]);
	fputs("subject", stdout);
	put_index(inventory->subject);
	putchar('\n');
	for (size_t i = 0; i < inventory->component_count; i++)
		put_component(inventory, i);
	for (size_t i = 0; i < inventory->relationship_count; i++)
		put_relationship(&inventory->relationships[i]);
	put_document(inventory);
	for (size_t i = 0; i < inventory->claim_count; i++)
		put_claim(&inventory->claims[i]);
	for (size_t i = 0; i < inventory->note_count; i++)
		put_note("note", &inventory->notes[i]);
	for (size_t i = 0; i < inventory->unkept_count; i++)
		put_note("unkept", &inventory->unkept[i]);
	if (inventory->notes_left_out)
		printf("notes left out\t%zu\n", inventory->notes_left_out);
}

enum mode { MODE_DUMP, MODE_SUMMARY, MODE_STATS, MODE_WRITE };

static enum tu_sbom_target write_target;

static double milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void put_summary(
	const char *path, const struct tu_inventory *inventory, const struct tu_error *err)
{
	printf("%s\t%s", path, inventory ? "ok" : tu_status_name(err->status));
	if (inventory) {
		printf("\t%s", tu_sbom_format_name(inventory->format));
		put_column(inventory->spec_version);
		printf("\t%zu\t%zu\t%zu\t%zu\t\n", inventory->component_count,
			inventory->relationship_count, inventory->claim_count,
			inventory->note_count + inventory->notes_left_out);
	} else {
		fputs("\t\t\t\t\t\t", stdout);
		put_column(tu_str_c(error_text(err)));
		putchar('\n');
	}
}

static void put_stats(const char *path, const struct tu_inventory *inventory,
	const struct tu_arena *arena, double read_ms, double parse_ms)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	printf("%s\tcomponents %zu\tinput %.1f ms\tread %.1f ms\tarena %.1f MiB\tpeak %.1f MiB\n",
		path, inventory ? inventory->component_count : 0, read_ms, parse_ms,
		(double)tu_arena_used(arena) / 1048576.0, (double)usage.ru_maxrss / 1024.0);
}

/* The document as another one; what is lost on standard error. */
static bool put_written(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	bool cyclonedx =
		tu_str_starts(tu_str_c(tu_sbom_target_name(write_target)), TU_STR("cyclonedx"));
	struct tu_sbom_write_options options = {.tool = TU_STR("sbom_driver"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = {"", 0}};
	struct tu_sbom_losses losses = {0};
	struct tu_error err = {0};
	struct tu_sink out;
	enum tu_status status;

	/* as the program does it: one that the document has stays */
	if (!inventory->serial.len || !tu_sbom_target_holds_serial(write_target, inventory->serial))
		options.serial = cyclonedx ? TU_STR("urn:uuid:6f3b1c52-8d0e-4b7a-9c41-2e5d7f80a913")
					   : TU_STR("https://example.org/written");
	tu_sink_init_memory(&out, (size_t)1 << 30);
	status = tu_sbom_write(arena, inventory, write_target, &options, &out, &losses, &err);
	if (status)
		fprintf(stderr, "error\t%s\n", error_text(&err));
	else
		(void)fwrite(out.buf.ptr, 1, out.buf.len, stdout);
	for (size_t i = 0; i < losses.count; i++)
		fprintf(stderr, "loss\t%.*s\t%.*s\t%zu\n", TU_STR_FMT(losses.notes[i].pointer),
			TU_STR_FMT(losses.notes[i].message), losses.notes[i].count);
	tu_sink_done(&out);
	return status == TU_OK;
}

static bool is_folder(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool read_one(const char *path, struct tu_buf *text, struct tu_arena *arena, enum mode mode)
{
	struct tu_error err = {0};
	const struct tu_inventory *inventory = NULL;
	double start = milliseconds();
	bool folder = is_folder(path);
	enum tu_status status = folder ? TU_OK : tu_input_read(path, text, &err);
	double between = milliseconds();

	tu_arena_reset(arena);
	if (folder)
		status = tu_sbom_read_rootfs(arena, path, NULL, &inventory, &err);
	else if (!status)
		status = tu_sbom_read(arena, tu_buf_str(text), true, NULL, &inventory, &err);
	if (mode == MODE_STATS)
		put_stats(path, inventory, arena, between - start, milliseconds() - between);
	else if (mode == MODE_SUMMARY)
		put_summary(path, inventory, &err);
	else if (inventory && mode == MODE_WRITE)
		return put_written(arena, inventory);
	else if (inventory)
		put_inventory(inventory);
	else
		printf("error\t%s\t%s\n", tu_status_name(status), error_text(&err));
	return status == TU_OK;
}

static bool read_listed(struct tu_buf *text, struct tu_arena *arena, enum mode mode)
{
	char line[4096];
	bool all = true;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		all = read_one(line, text, arena, mode) && all;
		(void)fflush(stdout); /* what was read before a crash is known */
	}
	return all;
}

static enum mode mode_of(const char *word)
{
	if (strcmp(word, "--summary") == 0)
		return MODE_SUMMARY;
	if (strcmp(word, "--write") == 0)
		return MODE_WRITE;
	return strcmp(word, "--stats") == 0 ? MODE_STATS : MODE_DUMP;
}

int main(int argc, char **argv)
{
	enum mode mode = argc > 1 ? mode_of(argv[1]) : MODE_DUMP;
	int first = mode == MODE_DUMP ? 1 : 2;
	struct tu_arena *arena = tu_arena_new((size_t)4 << 30);
	struct tu_buf text;
	bool all = true;
	bool usable = true;

	tu_buf_init(&text, (size_t)2 << 30);
	if (mode == MODE_WRITE && argc > 2)
		usable = tu_sbom_target_named(tu_str_c(argv[first++]), &write_target);
	if (!arena || first >= argc || !usable) {
		fputs("usage: sbom_driver [--summary | --stats | --write FORMAT] FILE… | -\n",
			stderr);
		return 2;
	}
	if (strcmp(argv[first], "-") == 0)
		all = read_listed(&text, arena, mode);
	else
		for (int i = first; i < argc; i++)
			all = read_one(argv[i], &text, arena, mode) && all;
	tu_buf_done(&text);
	tu_arena_free(arena);
	return all ? 0 : 1;
}
