/** As a click on a link: going to the address would ask whether to leave while files are on their way. */
export function download(address: string) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
