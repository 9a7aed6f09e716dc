#include "show/sbom_text.h"

#include <tutela/sbom_blank.h>

#include "base/json_writer.h"

enum { LABEL_WIDTH = 12 };

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

void tu_sbom_text_component(
	const struct tu_paint *paint, enum tu_hue hue, const struct tu_component *component)
{
	tu_paint(paint, hue, label_of(component));
	if (component->version.len == 0)
		return;
	tu_buf_byte(paint->out, ' ');
	tu_paint(paint, hue, component->version);
}

void tu_sbom_text_line(const struct tu_paint *paint, const char *label, struct tu_str text)
{
	if (text.len == 0)
		return;
	tu_paint_cell(paint, TU_HUE_DIM, tu_str_c(label), LABEL_WIDTH, false);
	tu_paint(paint, TU_HUE_PLAIN, text);
	tu_buf_byte(paint->out, '\n');
}

static void add_note(const struct tu_paint *paint, const struct tu_sbom_note *note)
{
	tu_buf_c(paint->out, "  ");
	if (note->pointer.len) {
		tu_paint(paint, TU_HUE_PLAIN, note->pointer);
		tu_buf_c(paint->out, ": ");
	}
	tu_paint(paint, TU_HUE_PLAIN, note->message);
	if (note->count > 1)
		tu_buf_printf(paint->out, " (and %zu more)", note->count - 1);
	tu_buf_byte(paint->out, '\n');
}

void tu_sbom_text_notes(const struct tu_paint *paint, struct tu_sink *sink,
	const struct tu_inventory *inventory, const char *whose)
{
	if (inventory->note_count + inventory->notes_left_out == 0)
		return;
	tu_buf_c(paint->out, "\nNotes on ");
	tu_paint_c(paint, TU_HUE_PLAIN, whose);
	tu_buf_c(paint->out, ":\n");
	for (size_t i = 0; i < inventory->note_count; i++) {
		add_note(paint, &inventory->notes[i]);
		tu_sink_spill(sink);
	}
	if (inventory->notes_left_out)
		tu_buf_printf(paint->out, "  and %zu more, which were not kept\n",
			inventory->notes_left_out);
}

static void write_note(
	struct tu_json_writer *json, struct tu_str pointer, struct tu_str message, size_t count)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "pointer", pointer);
	tu_json_member_str(json, "message", message);
	tu_json_member_int(json, "count", (int64_t)count);
	tu_json_close_object(json);
}

void tu_json_notes(struct tu_json_writer *json, const struct tu_inventory *inventory)
{
	enum tu_blank blank = tu_sbom_blank(inventory);

	tu_json_key(json, "notes");
	tu_json_open_array(json);
	if (blank != TU_BLANK_NOT)
		write_note(json, TU_STR(""), tu_str_c(tu_blank_sentence(blank)), 1);
	for (size_t i = 0; i < inventory->note_count; i++)
		write_note(json, inventory->notes[i].pointer, inventory->notes[i].message,
			inventory->notes[i].count);
	tu_json_close_array(json);
	tu_json_member_int(json, "notes_left_out", (int64_t)inventory->notes_left_out);
}
