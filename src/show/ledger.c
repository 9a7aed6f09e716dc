#include "show/ledger.h"

#include "base/json_writer.h"

static void add_checkpoint(struct tu_json_writer *json, const struct tu_checkpoint *checkpoint)
{
	tu_json_key(json, "checkpoint");
	tu_json_open_object(json);
	tu_json_member_int(json, "n", checkpoint->n);
	tu_json_member_int(json, "at", checkpoint->at);
	tu_json_member_str(json, "key", tu_str_c(checkpoint->key_id));
	tu_json_member_str(json, "instance", tu_str_c(checkpoint->instance));
	tu_json_close_object(json);
}

void tu_ledger_show_json(const struct tu_ledger_verdict *verdict, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, true);
	size_t start;

	tu_json_open_object(&json);
	tu_json_member_bool(&json, "sound", verdict->fault == TU_LEDGER_SOUND);
	tu_json_member_str(&json, "verdict", tu_str_c(tu_ledger_fault_name(verdict->fault)));
	tu_json_member_int(&json, "records", verdict->records);
	tu_json_member_int(&json, "proven", verdict->proven);
	if (verdict->bad)
		tu_json_member_int(&json, "first_bad", verdict->bad);
	if (verdict->checkpoint.n)
		add_checkpoint(&json, &verdict->checkpoint);
	tu_json_key(&json, "message");
	start = tu_json_open_text(&json);
	tu_ledger_verdict_write(verdict, out);
	tu_json_close_text(&json, start);
	tu_json_close_object(&json);
	tu_buf_byte(out, '\n');
}
