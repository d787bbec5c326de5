// Cómo se ven las imágenes reportadas, sin que nadie las mire.
export const hashing = {
  'looks.alone': 'Ninguna otra imagen reportada se le parece.',
  'looks.alike_one': 'Otro archivo reportado se le parece:',
  'looks.alike_other': 'Otros {count} archivos reportados se le parecen; los más cercanos:',
  'looks.alike_here_one': 'Otro archivo de este reporte se le parece.',
  'looks.alike_here_other': 'Otros {count} archivos de este reporte se le parecen.',
  'looks.reports_of': 'Reportes con archivos que se parecen al archivo {number}',
  'looks.same': 'el mismo archivo',
  'looks.alike': 'parecido',
  'looks.joined': 'más lejano, unido por otros intermedios',
  'looks.trouble.waiting': 'Todavía no se ha comparado con otras imágenes reportadas.',
  'looks.trouble.poor': 'La imagen tiene demasiado poco para compararla con otras.',
  'looks.trouble.damaged': 'La imagen está dañada y no se pudo comparar con otras.',
  'looks.trouble.too_large': 'La imagen es demasiado grande para compararla con otras.',
  'looks.trouble.took_too_long': 'Comparar la imagen con otras tardó demasiado.',
  'looks.trouble.crashed': 'El archivo rompe el programa que lo lee y puede ser un ataque. No se comparó con otras.',
};
