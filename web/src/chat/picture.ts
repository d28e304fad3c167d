// A picture made ready for a model: upright, no larger than models look, and without what a camera writes beside it.
const SIDE = 2048;
const MOST_BYTES = 3_000_000;

/** In base64. */
export async function prepared(file: File): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width, height } = picture;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const moves = file.type === "image/gif" || file.type === "image/webp";
  const asItIs = scale === 1 && file.size <= MOST_BYTES && (moves || file.type === "image/png");
  return base64Of(asItIs ? file : await drawn(picture, scale, file.type));
}

async function drawn(picture: ImageBitmap, scale: number, type: string): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  // Only a photograph has nothing to see through.
  const as = type === "image/jpeg" ? "image/jpeg" : "image/png";
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, as, 0.9));
  if (!blob) throw new Error();
  return blob;
}

function base64Of(blob: Blob): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result).split(",")[1]!);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
