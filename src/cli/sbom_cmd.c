/* tutela sbom: look into SBOMs, judge and compare them. */
#include "cli/sbom_cmd.h"

#include <string.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

static const char name[] = "sbom";

enum { LABEL_WIDTH = 12, POINTER_CEILING = 64 * 1024 };

const struct tu_command tu_cmd_sbom = {
	.name = "sbom", .summary = "Show, check, compare, merge and convert SBOMs"};

/* ---- answers ---- */

void tu_sbom_answer_read(struct tu_sbom_answer *answer)
{
	answer->json = tu_options_json(answer->format_name);
	answer->paint.colour = tu_options_colour(answer->colour_when, STDOUT_FILENO);
}

enum tu_status tu_sbom_answer_open(struct tu_sbom_answer *answer, struct tu_error *err)
{
	answer->paint.out = &answer->out.sink.buf;
	return tu_output_open(&answer->out, NULL, err);
}

int tu_sbom_answer_close(struct tu_sbom_answer *answer, int code)
{
	struct tu_error err = {0};

	return tu_output_close(&answer->out, &err) ? tu_command_failed(name, &err) : code;
}

static struct tu_str label_of(const struct tu_component *component)
{
	if (component->name.len)
		return component->name;
	if (component->purl.len)
		return component->purl;
	if (component->cpe_count)
		return component->cpes[0];
	return component->ref.len ? component->ref : TU_STR("(no name)");
}

void tu_sbom_answer_component(
	struct tu_sbom_answer *answer, enum tu_hue hue, const struct tu_component *component)
{
	tu_paint(&answer->paint, hue, label_of(component));
	if (component->version.len == 0)
		return;
	tu_buf_byte(answer->paint.out, ' ');
	tu_paint(&answer->paint, hue, component->version);
}

void tu_sbom_answer_line(struct tu_sbom_answer *answer, const char *label, struct tu_str text)
{
	if (text.len == 0)
		return;
	tu_paint_cell(&answer->paint, TU_HUE_DIM, tu_str_c(label), LABEL_WIDTH, false);
	tu_paint(&answer->paint, TU_HUE_PLAIN, text);
	tu_buf_byte(answer->paint.out, '\n');
}

static void add_note(struct tu_sbom_answer *answer, const struct tu_sbom_note *note)
{
	tu_buf_c(answer->paint.out, "  ");
	if (note->pointer.len) {
		tu_paint(&answer->paint, TU_HUE_PLAIN, note->pointer);
		tu_buf_c(answer->paint.out, ": ");
	}
	tu_paint(&answer->paint, TU_HUE_PLAIN, note->message);
	if (note->count > 1)
		tu_buf_printf(answer->paint.out, " (and %zu more)", note->count - 1);
	tu_buf_byte(answer->paint.out, '\n');
	tu_sink_spill(&answer->out.sink);
}

void tu_sbom_answer_notes(
	struct tu_sbom_answer *answer, const struct tu_inventory *inventory, const char *whose)
{
	if (inventory->note_count + inventory->notes_left_out == 0)
		return;
	tu_buf_c(answer->paint.out, "\nNotes on ");
	tu_paint_c(&answer->paint, TU_HUE_PLAIN, whose);
	tu_buf_c(answer->paint.out, ":\n");
	for (size_t i = 0; i < inventory->note_count; i++)
		add_note(answer, &inventory->notes[i]);
	if (inventory->notes_left_out)
		tu_buf_printf(answer->paint.out, "  and %zu more, which were not kept\n",
			inventory->notes_left_out);
}

void tu_sbom_answer_json_notes(struct tu_json_writer *json, const struct tu_inventory *inventory)
{
	tu_json_key(json, "notes");
	tu_json_open_array(json);
	for (size_t i = 0; i < inventory->note_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "pointer", inventory->notes[i].pointer);
		tu_json_member_str(json, "message", inventory->notes[i].message);
		tu_json_member_int(json, "count", (int64_t)inventory->notes[i].count);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_member_int(json, "notes_left_out", (int64_t)inventory->notes_left_out);
}

void tu_sbom_cmd_warn_notes(const char *path, const struct tu_inventory *inventory)
{
	size_t count = inventory->note_count + inventory->notes_left_out;

	if (count)
		tu_command_warn(name,
			"%s: %zu note%s on what was read; \"tutela sbom show\" lists them", path,
			count, count == 1 ? "" : "s");
}

void tu_sbom_cmd_same_serial(const char *path_a, const struct tu_inventory *a, const char *path_b,
	const struct tu_inventory *b)
{
	if (a->serial.len && tu_str_eq(a->serial, b->serial))
		tu_command_warn(name,
			"%s and %s have the same serial number or namespace, %.*s: they claim to "
			"be one document",
			path_a, path_b, TU_STR_FMT(a->serial));
}
