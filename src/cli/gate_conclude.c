#include "cli/gate_conclude.h"

#include "cli/command.h"

enum { SENTENCE_MAX = 4096 };

bool tu_gate_take(const char *command, enum tu_gate_door door, const char *option,
	const char *expression, struct tu_gate *gate)
{
	struct tu_error err = {0};
	const char *advice;

	gate->rule_count = 0;
	if (!expression)
		return true;
	if (tu_gate_parse(door, tu_str_c(expression), gate, &err) != TU_OK) {
		tu_command_misused(command, "--%s \"%s\": %s", option, expression, err.message);
		return false;
	}
	advice = tu_gate_advice(gate);
	if (advice)
		tu_command_warn(command, "--%s: %s", option, advice);
	return true;
}

int tu_gate_conclude(const char *command, const struct tu_gate *gate,
	const struct tu_gate_input *input, const struct tu_gate_verdict *verdict)
{
	struct tu_buf sentence;

	if (!gate->rule_count)
		return tu_command_judged(true);
	for (int need = 0; need < TU_GATE_NEEDS; need++) {
		const char *blind = tu_gate_blind_spot(gate, input, (enum tu_gate_need)need);

		if (blind)
			tu_command_warn(command, "--fail-on: %s", blind);
	}
	tu_buf_init(&sentence, SENTENCE_MAX);
	for (size_t i = 0; i < verdict->count; i++) {
		tu_buf_clear(&sentence);
		tu_gate_describe(&verdict->violations[i], input, &sentence);
		tu_command_warn(command, "gate violated: %.*s", TU_STR_FMT(tu_buf_str(&sentence)));
	}
	tu_buf_done(&sentence);
	if (verdict->unjudged)
		tu_command_warn(command, "gate not met: there was nothing to judge");
	return tu_command_judged(!tu_gate_fails(verdict));
}
