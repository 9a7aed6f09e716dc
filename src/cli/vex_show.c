/* tutela vex show: what a document states, whatever its format. */
#include <string.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "show/json_parts.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"
#include "app/statements.h"

static const char name[] = "vex";

static void add(struct tu_buf *out, struct tu_str text)
{
	const struct tu_paint paint = {.out = out};

	tu_paint(&paint, TU_HUE_PLAIN, text);
}

static struct tu_str product_title(const struct tu_vex_product *product)
{
	if (product->purl_count)
		return product->purls[0];
	if (product->cpe_count)
		return product->cpes[0];
	if (product->id.len)
		return product->id;
	return product->name.len ? product->name : TU_STR("(no identifier)");
}

static void add_line(struct tu_buf *out, const char *label, struct tu_str text)
{
	if (!text.len)
		return;
	tu_buf_printf(out, "  %s: ", label);
	add(out, text);
	tu_buf_byte(out, '\n');
}

static void write_claim(struct tu_buf *out, const struct tu_vex_claim *claim)
{
	add(out, claim->vulnerability);
	for (size_t i = 0; i < claim->alias_count; i++) {
		tu_buf_c(out, i ? ", " : " (");
		add(out, claim->aliases[i]);
	}
	tu_buf_printf(
		out, "%s  %s", claim->alias_count ? ")" : "", tu_claim_status_name(claim->status));
	if (claim->justification.len) {
		tu_buf_c(out, ": ");
		add(out, claim->justification);
	}
	tu_buf_byte(out, '\n');
	for (size_t i = 0; i < claim->product_count; i++) {
		const struct tu_vex_product *product = &claim->products[i];
		add_line(out, "product", product_title(product));
		for (size_t k = 0; k < product->part_count; k++)
			add_line(out, "  part", product_title(&product->parts[k]));
	}
	add_line(out, "impact", claim->impact);
	add_line(out, "action", claim->action);
	add_line(out, "notes", claim->notes);
}

static void write_text(struct tu_sink *output, const struct tu_vex_document *document)
{
	struct tu_buf *out = &output->buf;

	tu_buf_printf(out, "%s %.*s ", tu_vex_format_name(document->format),
		TU_STR_FMT(document->version));
	add(out, document->id);
	tu_buf_printf(out, "\n%zu statement%s", document->claim_count,
		document->claim_count == 1 ? "" : "s");
	if (document->author.len) {
		tu_buf_c(out, " by ");
		add(out, document->author);
	}
	if (document->timestamp.len) {
		tu_buf_c(out, ", ");
		add(out, document->timestamp);
	}
	tu_buf_c(out, "\n\n");
	for (size_t i = 0; i < document->claim_count; i++) {
		write_claim(out, &document->claims[i]);
		tu_sink_spill(output);
	}
	for (size_t i = 0; i < document->note_count; i++) {
		tu_buf_printf(out, "note: %zu: ", document->notes[i].count);
		add(out, document->notes[i].message);
		tu_buf_c(out, ", ");
		add(out, document->notes[i].pointer);
		tu_buf_byte(out, '\n');
	}
}

/* ---- JSON ---- */

static void add_product(struct tu_json_writer *json, const struct tu_vex_product *product)
{
	tu_json_open_object(json);
	tu_json_member_opt(json, "id", product->id);
	tu_json_member_opt(json, "name", product->name);
	tu_json_texts(json, "purls", product->purls, product->purl_count);
	tu_json_texts(json, "cpes", product->cpes, product->cpe_count);
	if (product->hash_count) {
		tu_json_key(json, "hashes");
		tu_json_open_array(json);
		for (size_t i = 0; i < product->hash_count; i++) {
			tu_json_open_object(json);
			tu_json_member_str(json, "algorithm", product->hashes[i].algorithm);
			tu_json_member_str(json, "value", product->hashes[i].value);
			tu_json_close_object(json);
		}
		tu_json_close_array(json);
	}
	tu_json_member_opt(json, "bom_serial", product->serial);
	tu_json_member_opt(json, "bom_ref", product->ref);
	tu_json_texts(json, "versions", product->versions, product->version_count);
	if (product->part_count) {
		tu_json_key(json, "parts");
		tu_json_open_array(json);
		for (size_t i = 0; i < product->part_count; i++)
			add_product(json, &product->parts[i]);
		tu_json_close_array(json);
	}
	tu_json_close_object(json);
}

static void add_claim(struct tu_json_writer *json, const struct tu_vex_claim *claim)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "vulnerability", claim->vulnerability);
	tu_json_texts(json, "aliases", claim->aliases, claim->alias_count);
	tu_json_member_str(json, "status", tu_str_c(tu_claim_status_name(claim->status)));
	tu_json_member_opt(json, "justification", claim->justification);
	tu_json_member_opt(json, "impact", claim->impact);
	tu_json_member_opt(json, "action", claim->action);
	tu_json_member_opt(json, "notes", claim->notes);
	tu_json_key(json, "products");
	tu_json_open_array(json);
	for (size_t i = 0; i < claim->product_count; i++)
		add_product(json, &claim->products[i]);
	tu_json_close_array(json);
	tu_json_member_opt(json, "author", claim->author);
	tu_json_member_opt(json, "timestamp", claim->timestamp);
	tu_json_member_opt(json, "pointer", claim->pointer);
	tu_json_close_object(json);
}

static void write_json(struct tu_sink *output, const struct tu_vex_document *document)
{
	struct tu_json_writer json = tu_json_writer(&output->buf, true);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", tu_str_c(tu_vex_format_name(document->format)));
	tu_json_member_str(&json, "version", document->version);
	tu_json_member_opt(&json, "id", document->id);
	tu_json_member_opt(&json, "author", document->author);
	tu_json_member_opt(&json, "timestamp", document->timestamp);
	tu_json_key(&json, "statements");
	tu_json_open_array(&json);
	for (size_t i = 0; i < document->claim_count; i++) {
		add_claim(&json, &document->claims[i]);
		tu_sink_spill(output);
	}
	tu_json_close_array(&json);
	tu_json_key(&json, "notes");
	tu_json_open_array(&json);
	for (size_t i = 0; i < document->note_count; i++) {
		tu_json_open_object(&json);
		tu_json_member_str(&json, "message", document->notes[i].message);
		tu_json_member_int(&json, "count", (int64_t)document->notes[i].count);
		tu_json_member_str(&json, "pointer", document->notes[i].pointer);
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&output->buf, '\n');
}

static enum tu_status show(
	struct tu_arena *arena, const char *path, bool json, struct tu_error *err)
{
	const struct tu_vex_document *document = NULL;
	struct tu_output output;
	enum tu_status status = tu_vex_file_read(arena, path, &document, err);

	if (status == TU_OK)
		status = tu_output_open(&output, NULL, err);
	if (status != TU_OK)
		return status;
	(json ? write_json : write_text)(&output.sink, document);
	return tu_output_close(&output, err);
}

struct request {
	const char *format;
};

static int run_show(int argc, char **argv)
{
	struct request request = {0};
	struct tu_error err = {0};
	struct tu_arena *arena;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_vex_show, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected one document");
	arena = tu_arena_new((size_t)4 << 30);
	if (!arena)
		return tu_command_no_memory(name);
	status = show(arena, argv[1], tu_options_json(request.format), &err);
	tu_arena_free(arena);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_TEXT_OR_JSON(struct request, format),
};

const struct tu_command tu_cmd_vex = {
	.name = "vex", .summary = "Read, check and write VEX statements"};

const struct tu_command tu_cmd_vex_show = {
	.name = "vex show",
	.summary = "Print the statements of an OpenVEX, CycloneDX or CSAF document",
	.usage = {"FILE [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_show,
};
