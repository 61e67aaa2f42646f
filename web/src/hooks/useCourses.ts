import { useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { byClass, type HeardClasses } from "../core/class-progress";
import { parlor } from "../core/parlor";
import type { ClassText, CourseList, HeardClass, HeardClassPage } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "courses";
const HEARD = "heard-classes";
const NONE: HeardClasses = {};
/** Of 200 classes each. */
const MAX_PAGES = 20;

forgetAtSignOut(HEARD);

export function useCourses() {
  return useQuery<CourseList, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => parlor.api.get("/courses", { signal }) },
    queryClient,
  );
}

export function useClassText(course: string, module: string, subTopic: string) {
  const path = `/courses/${encodeURIComponent(course)}/modules/${encodeURIComponent(module)}/classes/${encodeURIComponent(subTopic)}`;
  return useQuery<ClassText, ApiError>(
    { queryKey: [KEY, course, module, subTopic], queryFn: ({ signal }) => parlor.api.get(path, { signal }) },
    queryClient,
  );
}

/** The person's progress in classes, on any device and in rooms. Empty while it is loaded. */
export function useHeardClasses(): HeardClasses {
  const { data } = useQuery<HeardClasses, ApiError>(
    { queryKey: [HEARD], queryFn: ({ signal }) => allHeard(signal), staleTime: 0 },
    queryClient,
  );
  return data ?? NONE;
}

/** Call it when more was heard. */
export function heardMore(): void {
  void queryClient.invalidateQueries({ queryKey: [HEARD] });
}

async function allHeard(signal: AbortSignal): Promise<HeardClasses> {
  const items: HeardClass[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: Record<string, string> = cursor === null ? { limit: "200" } : { limit: "200", cursor };
    const found: HeardClassPage = await parlor.api.get("/courses/progress", { signal, query });
    items.push(...found.items);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  return byClass(items);
}
