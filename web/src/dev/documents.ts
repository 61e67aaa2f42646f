import type { DocumentList, KnowledgeBaseList, KnowledgeFound } from "../protocol";

/** Data of the page of documents in the gallery. */
const AT = "2026-11-19T18:21:00.000Z";

export const BASES: KnowledgeBaseList = {
  maximum: 10,
  items: [
    {
      id: "b1",
      name: "Riverside Language School",
      language: "en",
      documents: 3,
      passages: 41,
      createdAt: AT,
    },
    { id: "b2", name: "Giáo trình tiếng Việt", language: "vi", documents: 1, passages: 12, createdAt: AT },
  ],
};

export const DOCUMENTS: DocumentList = {
  maximum: 50,
  items: ["students-handbook.md", "a-very-long-name-of-a-scanned-document-of-last-year.pdf", "fees.txt"].map(
    (name, index) => ({
      id: `d${index}`,
      name,
      mediaType: "text/plain",
      size: 12_000,
      passages: 1 + 10 * index,
      createdAt: AT,
    }),
  ),
};

export const FOUND: KnowledgeFound = {
  isAnswered: true,
  passages: [
    {
      documentId: "d0",
      number: 0,
      document: "students-handbook.md",
      heading: "Library > Opening times",
      text: "The library is open from eight in the morning to seven in the evening.\nOn Saturdays it closes at one.",
    },
    {
      documentId: "d1",
      number: 0,
      document: "fees.txt",
      heading: "",
      text: "A late book costs twenty pence a day.",
    },
  ],
};
