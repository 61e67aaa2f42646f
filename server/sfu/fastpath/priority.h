/* Before whom a thread runs. */
#ifndef PARLOR_PRIORITY_H
#define PARLOR_PRIORITY_H

/* The calling thread forwards sound: on its core it goes before what can wait. As far as the system lets it. */
void priority_of_media(void);

#endif
