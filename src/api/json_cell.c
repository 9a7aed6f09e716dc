#include "api/json_cell.h"

void tu_api_json_cell_init(struct tu_api_json_cell *cell, struct tu_arena *arena, size_t most)
{
	*cell = (struct tu_api_json_cell){.arena = arena};
	tu_buf_init(&cell->buf, most);
}

void tu_api_json_cell_begin(struct tu_api_json_cell *cell)
{
	tu_buf_clear(&cell->buf);
	cell->json = tu_json_writer(&cell->buf, false);
}

struct tu_str tu_api_json_cell_end(struct tu_api_json_cell *cell)
{
	struct tu_str copy = {0};

	cell->failed = cell->failed || cell->buf.failed ||
		!tu_arena_dup(cell->arena, tu_buf_str(&cell->buf), &copy);
	return copy;
}

struct tu_str tu_api_json_cell_texts(struct tu_api_json_cell *cell, const struct tu_texts *texts)
{
	tu_api_json_cell_begin(cell);
	tu_json_open_array(&cell->json);
	for (size_t i = 0; i < texts->count; i++)
		tu_json_add_str(&cell->json, texts->at[i]);
	tu_json_close_array(&cell->json);
	return tu_api_json_cell_end(cell);
}

enum tu_status tu_api_json_cell_done(struct tu_api_json_cell *cell, struct tu_error *err)
{
	tu_buf_done(&cell->buf);
	return cell->failed ? tu_no_memory(err) : TU_OK;
}
