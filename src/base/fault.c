#include "base/fault.h"

static _Thread_local size_t fail_at;
static _Thread_local size_t seen;

void tu_fault_set(size_t nth)
{
	fail_at = nth;
	seen = 0;
}

size_t tu_fault_count(void)
{
	return seen;
}

bool tu_fault_hit(void)
{
	seen++;
	return fail_at != 0 && seen == fail_at;
}
