/* Which deadline comes first in a list. */
#include <tutela/deadline.h>

int tu_deadline_rank(const struct tu_deadline *d)
{
	static const int ranks[] = {[TU_DEADLINE_MISSED] = 0,
		[TU_DEADLINE_RUNNING] = 2,
		[TU_DEADLINE_CONDITIONAL] = 3,
		[TU_DEADLINE_WAITING] = 4,
		[TU_DEADLINE_MET] = 5,
		[TU_DEADLINE_WAIVED] = 6};

	return ranks[d->state] + (d->state == TU_DEADLINE_MISSED && d->stopped);
}

int tu_deadline_compare(const struct tu_deadline *a, const struct tu_deadline *b)
{
	if (tu_deadline_rank(a) != tu_deadline_rank(b))
		return tu_deadline_rank(a) - tu_deadline_rank(b);
	return (a->due > b->due) - (a->due < b->due);
}

bool tu_deadline_is_open(const struct tu_deadline *deadline)
{
	return deadline->state == TU_DEADLINE_RUNNING ||
		(deadline->state == TU_DEADLINE_MISSED && !deadline->stopped);
}
