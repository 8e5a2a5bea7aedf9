/** Takes the marks out of what a model wrote for the eye: they would be read aloud. */
export function stripMarkdown(text: string): string {
  return text
    .replace(/```\w*/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|>|[-*+•])\s+/gm, '')
    .replace(/(\*\*|__|~~|`|\*)/g, '')
    .replace(/(^|\s)_+(?=\S)|(?<=\S)_+(?=\s|$)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
